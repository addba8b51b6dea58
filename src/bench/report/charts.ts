/**
 * A chart is a table, one row a subject, with a drawing in the middle of each row and its figures
 * at the end: so it can be read, too. The drawings are as wide as their column; text never scales.
 */
import type { Server, Subject, Transport } from '../run.ts'
import { english } from './english.ts'
import { toCount } from './format.ts'
import { html, type Markup, nothing } from './markup.ts'
import { own } from './report.ts'
import type { Scale } from './scale.ts'

/** One row: what is drawn, and the figures beside it. */
export interface Mark extends Subject {
  readonly drawing: Markup
  readonly figures: readonly string[]
  /** All that the drawing shows, for whoever cannot see it or points at it. */
  readonly words: string
}

export interface Chart {
  readonly kind: 'strips' | 'bars'
  readonly title: string
  /** Of the axis. */
  readonly unit: string
  readonly heads: readonly string[]
  readonly scale: Scale
  readonly marks: readonly Mark[]
}

const HEIGHT = 26

/** The middle of a row. */
export const MIDDLE = HEIGHT / 2

function drawChart({ kind, title, unit, heads, scale, marks }: Chart): Markup {
  return html`<figure>
    <figcaption>${title} <small>${unit}</small></figcaption>
    <table class="chart ${kind}">
      <thead>
        <tr>
          <th class="server" scope="col">${english.labels.server}</th>
          <th class="transport" scope="col">
            <span class="unseen">${english.labels.transport}</span>
          </th>
          <td class="drawn"></td>
          ${heads.map(head => html`<th class="number" scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${marks.map((mark, at) => drawRow(mark, scale, marks[at - 1]?.server))}
      </tbody>
      <tfoot>
        <tr aria-hidden="true">
          <td class="server"></td>
          <td class="transport"></td>
          <td class="drawn">${drawAxis(scale)}</td>
          ${heads.map(() => html`<td class="number"></td>`)}
        </tr>
      </tfoot>
    </table>
  </figure> `
}

function drawRow(mark: Mark, scale: Scale, before: Server | undefined): Markup {
  const { server, transport, drawing, figures, words } = mark
  const name = html`<span>${english.servers[server]}</span>`
  return html`<tr class="${tone(mark)}${before === server ? ' same' : ' new'}">
    <th class="server" scope="row">${name}</th>
    <th class="transport" scope="row">${drawGlyph(transport)} ${english.transports[transport]}</th>
    <td class="drawn">
      <svg class="track" width="100%" height="${HEIGHT}" role="img" aria-label="${words}">
        <title>${words}</title>
        ${drawGrid(scale)}${drawing}
      </svg>
    </td>
    ${figures.map(figure => html`<td class="number">${figure}</td>`)}
  </tr>`
}

/** Colour says which transport; grey, that it is a baseline. The shape says it without colour. */
const tone = ({ server, transport }: Subject): string =>
  own.includes(server) ? transport : 'baseline'

const shapes: Readonly<Record<Transport, Markup>> = {
  sse: html`<circle r="4.5" />`,
  websocket: html`<path d="M0-5.5 5.5 0 0 5.5-5.5 0z" />`,
}

/** The transport's shape with its middle at a place of the axis. */
export const drawShape = (transport: Transport, place: number): Markup =>
  html`<svg class="shape" x="${place}%" y="${MIDDLE}" overflow="visible">${shapes[transport]}</svg>`

const drawGlyph = (transport: Transport): Markup =>
  html`<svg class="glyph" width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
    <g class="shape">${shapes[transport]}</g>
  </svg>`

/** A bar along the axis, as thick as it says, with its middle in the middle of the row. */
export const drawBar = (
  name: string,
  [from, to]: readonly [number, number],
  thick: number,
): Markup =>
  html`<rect
    class="${name}"
    x="${from}%"
    width="${width(from, to)}%"
    y="${MIDDLE - thick / 2}"
    height="${thick}"
    rx="${Math.min(2, thick / 2)}"
  />`

const width = (from: number, to: number): number => Math.round(Math.max(0, to - from) * 100) / 100

const drawGrid = ({ ticks, place }: Scale): Markup[] =>
  ticks.map(({ value, isMinor }) => {
    const at = place(value)
    const name = isMinor ? 'grid minor' : 'grid'
    return html`<line class="${name}" x1="${at}%" x2="${at}%" y1="0" y2="${HEIGHT}" />`
  })

const drawAxis = ({ ticks, place }: Scale): Markup =>
  html`<svg class="axis" width="100%" height="20">
    ${ticks.map(({ value, isMinor }) => {
      const at = place(value)
      const anchor = at < 3 ? 'start' : at > 97 ? 'end' : 'middle'
      return html`<text
        class="${isMinor ? 'minor' : 'major'}"
        x="${at}%"
        y="14"
        text-anchor="${anchor}"
        >${toTick(value)}</text
      >`
    })}
  </svg>`

const toTick = (value: number): string => (value >= 1000 ? toCount(value) : String(value))

/** What the colours and shapes mean. */
export const legend: Markup = html`<ul class="legend">
  <li class="sse">${drawGlyph('sse')} SSE</li>
  <li class="websocket">${drawGlyph('websocket')} WebSocket</li>
  <li class="baseline">${drawGlyph('sse')}${drawGlyph('websocket')} baselines</li>
</ul>`

/** How to read what is drawn. */
const notes: Readonly<Record<Chart['kind'], string>> = {
  strips:
    'The thick part holds half of all, with the pale part nine tenths, with the line all but the lowest and the highest hundredth; the mark is the median, the dot p99.9. The axis is logarithmic.',
  bars: 'A bar ends at the median of the rounds; the line across goes from the least round to the greatest.',
}

/** One under the other; how to read them is said before the first of a kind. */
export const drawCharts = (charts: readonly Chart[]): Markup =>
  html`${charts.map((chart, at) => {
    const isFirst = charts.findIndex(({ kind }) => kind === chart.kind) === at
    return html`${isFirst ? html`<p class="note">${notes[chart.kind]}</p>` : nothing}${drawChart(chart)}`
  })}`
