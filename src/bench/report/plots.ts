/** Which charts a run makes: how its figures lie, as strips; how large they are, as bars. */
import { type Measure, measures, type Run, type Spread, type Subject } from '../run.ts'
import { type Chart, drawBar, drawShape, MIDDLE, type Mark } from './charts.ts'
import { english } from './english.ts'
import { toCount, toEnds, toNumber, toQuantity, type Unit } from './format.ts'
import { html, type Markup } from './markup.ts'
import type { Figure, Report } from './report.ts'
import { linear, logarithmic, type Scale } from './scale.ts'
import { merge, quantile } from './statistics.ts'

interface Strip extends Subject {
  readonly streams: number
  readonly spread: Spread
}

/** One chart a level; all levels of a measure on the same axis, so that they can be compared. */
export function plot(report: Report, run: Run, measure: Measure): Chart[] {
  return measures[measure].spread ? plotStrips(report, run, measure) : plotBars(report, measure)
}

function plotBars(report: Report, measure: Measure): Chart[] {
  const all = report.figures.filter(figure => figure.measure === measure)
  const scale = linear(Math.max(0, ...all.map(({ range }) => range.max)))
  return byLevel(all).map(figures => ({
    ...frame(measure, figures[0]?.streams ?? 0, scale),
    kind: 'bars',
    heads: ['median', 'rounds'],
    marks: figures.map(figure => toBar(figure, scale)),
  }))
}

function toBar({ server, transport, measure, range }: Figure, { place }: Scale): Mark {
  const { unit } = measures[measure]
  const ends = toEnds(range)
  const [least, most] = [place(range.min), place(range.max)]
  const whisker = html`${drawBar('whisker', [least, most], 1.5)}${[least, most].map(drawCap)}`
  const drawing = html`${drawBar('bar', [0, place(range.median)], 14)}${whisker}`
  const words = `${toQuantity(range.median, unit)}, rounds ${ends}`
  return { server, transport, drawing, words, figures: [toNumber(range.median), ends] }
}

const drawCap = (place: number): Markup =>
  html`<line class="cap" x1="${place}%" x2="${place}%" y1="${MIDDLE - 3.5}" y2="${MIDDLE + 3.5}" />`

function plotStrips(report: Report, run: Run, measure: Measure): Chart[] {
  const all = report.figures
    .filter(figure => figure.measure === measure && figure.statistic === 'p50')
    .flatMap(figure => toStrip(run, figure))
  const at = (of: number): number[] =>
    all.map(({ spread }) => quantile(spread, of)).filter(value => value !== undefined)
  const scale = logarithmic(Math.min(...at(0.01)), Math.max(...at(0.999)))
  return byLevel(all).map(strips => ({
    ...frame(measure, strips[0]?.streams ?? 0, scale),
    kind: 'strips',
    heads: ['p50', 'p99'],
    marks: strips.map(strip => toMark(strip, scale, measures[measure].unit)),
  }))
}

/** The rounds' quantiles, each by its median: the same p50 and p99 that the tables have. */
function toStrip(run: Run, { measure, streams, server, transport }: Figure): Strip[] {
  const spreads = run.samples
    .filter(
      one =>
        one.measure === measure &&
        one.streams === streams &&
        one.server === server &&
        one.transport === transport,
    )
    .map(({ value }) => value)
    .filter(value => typeof value === 'object')
  const spread = merge(spreads)
  return spread === undefined ? [] : [{ server, transport, streams, spread }]
}

function toMark({ server, transport, spread }: Strip, { place }: Scale, unit: Unit): Mark {
  const at = (of: number): number => quantile(spread, of) ?? NaN
  const span = (from: number, to: number): [number, number] => [place(at(from)), place(at(to))]
  const drawing = html`${drawBar('line', span(0.01, 0.99), 2)}${drawBar('wide', span(0.05, 0.95), 8)}${drawBar('half', span(0.25, 0.75), 14)}${drawDot(place(at(0.999)))}${drawShape(transport, place(at(0.5)))}`
  const words = [0.01, 0.25, 0.5, 0.75, 0.99, 0.999]
    .map(of => `p${Number((of * 100).toFixed(1))} ${toQuantity(at(of), unit)}`)
    .join(', ')
  return { server, transport, drawing, words, figures: [toNumber(at(0.5)), toNumber(at(0.99))] }
}

const drawDot = (place: number): Markup =>
  html`<circle class="dot" cx="${place}%" cy="${MIDDLE}" r="1.75" />`

const byLevel = <T extends { readonly streams: number }>(all: readonly T[]): T[][] => [
  ...Map.groupBy(all, ({ streams }) => streams).values(),
]

function frame(
  measure: Measure,
  streams: number,
  scale: Scale,
): Pick<Chart, 'title' | 'unit' | 'scale'> {
  const { unit } = measures[measure]
  const name = english.measures[measure]
  const level = levelOf(streams)
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}${level === '' ? '' : `, ${level}`}`
  return { title, unit, scale }
}

/** Nothing for what no streams are counted of. */
export function levelOf(streams: number): string {
  if (streams === 0) return ''
  return streams === 1 ? '1 stream' : `${toCount(streams)} streams`
}
