/** The report as one page that asks for nothing else: no script, no font, no picture from anywhere. */
import type { Measure, Run } from '../run.ts'
import { boundTable, claimTable, figureTables } from './html-tables.ts'
import { drawCharts, legend } from './charts.ts'
import { english } from './english.ts'
import { findEvidence } from './evidence.ts'
import { style } from './html-style.ts'
import { html, type Markup, nothing, trusted } from './markup.ts'
import { levelOf, plot } from './plots.ts'
import { dayOf, machineOf, optionsOf } from './preamble.ts'
import type { Key, Report } from './report.ts'
import { toTwo } from './verdicts.ts'

interface Section {
  readonly title: string
  readonly lead: string
  readonly measures: readonly Measure[]
}

const sections: readonly Section[] = [
  {
    title: 'Latency',
    lead: 'From the moment the upstream writes a token to the moment the client reads it.',
    measures: ['latency'],
  },
  {
    title: 'The first token',
    lead: 'From the start of the request to the first token, with the connection still to be opened and with one that is open.',
    measures: ['first-cold', 'first-warm'],
  },
  {
    title: 'Processor time',
    lead: 'Of the server, all of its threads, by what it has sent.',
    measures: ['cpu', 'short-cpu'],
  },
  {
    title: 'Throughput',
    lead: 'With an upstream that does not pause.',
    measures: ['saturation', 'short-rate'],
  },
  {
    title: 'Bytes on the wire',
    lead: 'Heads and frames included.',
    measures: ['bytes', 'turn-bytes'],
  },
  {
    title: 'Memory',
    lead: 'Resident, of the server, for each of many.',
    measures: ['idle-memory', 'live-memory', 'slow-memory'],
  },
  {
    title: 'Back and forth',
    lead: 'A stop until the upstream’s socket is closed; ten questions, one after the other’s answer; a cut until the next event.',
    measures: ['stop', 'stop-waste', 'turns', 'resume', 'storm', 'slow-p99'],
  },
]

/** `report` must be of this run, which has the distributions that the report sums up. */
export function toHtml(report: Report, run: Run): string {
  const { labels } = english
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${labels.title}</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>${labels.title}</h1>
          <p class="lead">${labels.about}</p>
          ${report.partial ? html`<p class="partial">${labels.partial}</p>` : nothing}
          ${keyFigures(report)} ${facts(report)}
        </header>
        <main>
          <h2>${labels.article}</h2>
          <p>What is often said of the two, and what this run shows.</p>
          ${claimTable(report)}
          <p>${labels.weighed}</p>
          ${sections.map(section => drawSection(report, run, section))}
          <h2>${labels.bounds}</h2>
          <p>What this server is held to, and whether this run is within it.</p>
          ${boundTable(report)}
          <h2>${labels.figures}</h2>
          <p>${labels.spread}</p>
          ${figureTables(report)}
        </main>
        <footer>
          <p>${labels.reproduce} <code>npm run bench</code></p>
        </footer>
      </body>
    </html> `
  return page.markup
}

function drawSection(report: Report, run: Run, { title, lead, measures }: Section): Markup {
  const charts = measures.flatMap(measure => plot(report, run, measure))
  if (charts.length === 0) return nothing
  return html`<section>
    <h2>${title}</h2>
    <p>${lead}</p>
    ${legend} ${drawCharts(charts)}
  </section> `
}

/** What the most will ask first. */
const first: readonly Measure[] = ['cpu', 'bytes', 'latency', 'idle-memory']

function keyFigures(report: Report): Markup {
  const keys = first.flatMap(measure => {
    const { pairs } = findEvidence(report, [{ measure }])
    const pair = pairs.get(measure)
    return pair === undefined ? [] : [{ ...pair, ...toTwo(pair, english) }]
  })
  if (keys.length === 0) return nothing
  const items = keys.map(
    ({ key, sse, websocket, ratio }) =>
      html`<li>
        <b>${ratio}</b><span>${title(key)}</span><small>WebSocket ${websocket}, SSE ${sse}</small
        ><small>${levelOf(key.streams)}</small>
      </li>`,
  )
  return html`<ul class="keys">
      ${items}
    </ul>
    <p class="keys-note">
      WebSocket over SSE, medians of the rounds: below 1 is in favour of WebSocket.
    </p>`
}

const title = ({ measure, statistic }: Key): string =>
  `${english.measures[measure]}${statistic === 'value' ? '' : `, ${statistic}`}`

function facts(report: Report): Markup {
  const { labels } = english
  const all: [string, string][] = [
    [labels.at, dayOf(report)],
    [labels.machine, machineOf(report, english)],
    [
      labels.options,
      optionsOf(report, english)
        .map(([name, value]) => `${name} ${value}`)
        .join(' · '),
    ],
  ]
  return html`<dl class="facts">
    ${all.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`
}
