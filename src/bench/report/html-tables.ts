/** The tables of the page. */
import type { Server } from '../run.ts'
import { type Bound, boundsOf, worst } from './bounds.ts'
import { english } from './english.ts'
import { toCount, toDifference, toEnds, toQuantity } from './format.ts'
import { toLimit } from './markdown.ts'
import { html, type Markup, nothing, trusted } from './markup.ts'
import { type Report, servers } from './report.ts'
import {
  against,
  beside,
  type Cell,
  type Column,
  label,
  roundsOf,
  type Table,
  tabulate,
  toText,
} from './table.ts'
import { type Result, subjectsOf, verdictsOf } from './verdicts.ts'

const { labels } = english

const signs: Readonly<Record<Result, string>> = {
  confirmed: '✓',
  refuted: '✕',
  depends: '≈',
  unmeasured: '–',
}

export function claimTable(report: Report): Markup {
  const verdicts = verdictsOf(report)
  const whose = subjectsOf(verdicts).map(server => english.servers[server])
  const rows = verdicts.map(
    ({ outcome, text: { en } }) =>
      html`<tr>
        <th scope="row"><b>${en.title}</b><span>${en.claim}</span></th>
        <td class="outcome">
          <i aria-hidden="true">${signs[outcome]}</i>${english.outcomes[outcome]}
        </td>
        <td>${en.sentence}</td>
      </tr>`,
  )
  const measured = [labels.measured, ...whose].join(' · ')
  return tableOf('claims', [labels.claim, labels.verdict, measured], rows)
}

const states: Readonly<Record<Bound['state'], { readonly sign: string; readonly name: string }>> = {
  met: { sign: '✓', name: 'met' },
  missed: { sign: '✕', name: 'missed' },
  'not measured': { sign: '–', name: 'unmeasured' },
}

export function boundTable(report: Report): Markup {
  const heads = [labels.bound, labels.limit, labels.measured, labels.result]
  const rows = boundsOf(report).map(bound => {
    const { sign, name } = states[bound.state]
    return html`<tr>
      <th scope="row">${english.bounds[bound.name]}</th>
      <td class="limit">${toLimit(bound, english)}</td>
      <td>${partList(bound)}</td>
      <td class="outcome ${name}">
        <i aria-hidden="true">${sign}</i>${english.states[bound.state]}
      </td>
    </tr>`
  })
  return tableOf('bounds', heads, rows)
}

function tableOf(name: string, heads: readonly string[], rows: readonly Markup[]): Markup {
  return html`<table class="${name}">
    <thead>
      <tr>
        ${heads.map(head => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

function partList(bound: Bound): Markup {
  const say = bound.to === 'direct' ? toDifference : toQuantity
  const items = worst(bound).map(
    ({ server, transport, value }) =>
      html`<li>
        ${english.servers[server]}, ${english.transports[transport]}
        <b>${say(value, bound.unit)}</b>
      </li>`,
  )
  return items.length === 0
    ? nothing
    : html`<ul>
        ${items}
      </ul>`
}

/** One a server, and how this one's compare with the baselines; each scrolls by itself. */
export function figureTables(report: Report): Markup {
  const tables = servers.flatMap(server => [
    { name: english.servers[server], table: tabulate(report, beside(server)) },
    {
      name: `${english.servers[server]}, to the baselines`,
      table: tabulate(report, against(server)),
    },
  ])
  const full = tables.filter(({ table }) => table.rows.length > 0)
  return html`${full.map(
    ({ name, table }, at) =>
      html`<details${trusted(at === 0 ? ' open' : '')}>
        <summary>${name}</summary>
        ${toTable(name, table)}
      </details>`,
  )}`
}

function toTable(name: string, { columns, rows }: Table): Markup {
  const heads = columns.map(column => html`<th scope="col">${heading(column)}</th>`)
  const lines = rows.map(
    row =>
      html`<tr>
        <th scope="row">${label(row.key, english)}</th>
        <td>${row.key.streams === 0 ? '' : toCount(row.key.streams)}</td>
        <td>${roundsOf(row)}</td>
        ${row.cells.map(toCell)}
      </tr>`,
  )
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}">
    <table class="all">
      <thead>
        <tr>
          <th scope="col">${labels.figure}</th>
          <th scope="col">${labels.streams}</th>
          <th scope="col">${labels.rounds}</th>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div> `
}

function heading({ kind, to }: Column): string {
  const name = kind === 'ratio' ? 'WS/SSE' : english.transports[kind]
  if (to === undefined) return name
  return `${name} ${to === 'direct' ? '−' : '/'} ${baseline[to] ?? to}`
}

/** Short, as each is over two columns. */
const baseline: Readonly<Partial<Record<Server, string>>> = {
  raw: 'raw',
  obvious: 'obvious',
  direct: 'direct',
}

function toCell(cell: Cell | undefined): Markup {
  if (cell === undefined) return html`<td></td>`
  const ends = toEnds(cell.range)
  return html`<td>
    ${toText(cell)}${ends.includes('–') ? html`<small>${ends}</small>` : nothing}
  </td>`
}
