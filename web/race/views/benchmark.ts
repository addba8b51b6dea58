import { type TemplateResult, html, nothing } from 'lit-html'
import { guard } from 'lit-html/directives/guard.js'
import { chinese } from '../../../src/bench/report/chinese.ts'
import { english } from '../../../src/bench/report/english.ts'
import { machineOf } from '../../../src/bench/report/preamble.ts'
import type { Report } from '../../../src/bench/report/report.ts'
import { toTwo, verdictsOf } from '../../../src/bench/report/verdicts.ts'
import type { Language, Wording } from '../../../src/bench/report/wording.ts'
import type { Transport } from '../../link/link.ts'
import { toCount } from '../format.ts'
import { type Row, WHOLE, rowsOf } from '../benchmark.ts'
import type { Benchmark } from '../state.ts'
import type { Speech } from '../words.ts'
import type { Context } from './context.ts'

/** What was measured properly on this server's machine, if it was. */
export function benchmark({ state, words }: Context): TemplateResult {
  return html`
    <section class="benchmark">
      <h2 id="race-benchmark">${words.report}</h2>
      ${guard([state.report, words], () => content(state.report, words))}
    </section>
  `
}

const hows = { none: 'reportNone', broken: 'reportBroken' } as const

function content(report: Benchmark, words: Speech): TemplateResult {
  if (report === 'loading') return html`<p class="about">${words.reportLoading}</p>`
  if (report === 'failed') return html`<p class="about">${words.reportFailed}</p>`
  if (report === 'none' || report === 'broken')
    return html`<p class="about">${words[hows[report]]}</p>
      <pre class="command"><code>npm run bench</code></pre>`
  return html`${head(report, words)} ${table(report, words)} ${claims(report, words)}
  ${download(words)}`
}

const wordings: Readonly<Record<Language, Wording>> = { en: english, zh: chinese }

function head(report: Report, words: Speech): TemplateResult {
  const wording = wordings[words.language]
  const at = new Date(report.at).toLocaleString(words.language, {
    dateStyle: 'long',
    timeStyle: 'short',
  })
  return html`
    <p class="about">${words.reportWhen(at, machineOf(report, wording))}</p>
    ${report.partial ? html`<p class="about bad">${words.reportPartial}</p>` : nothing}
  `
}

function table(report: Report, words: Speech): TemplateResult {
  const wording = wordings[words.language]
  const { server, rows } = rowsOf(report)
  return html`
    <p class="about">${words.reportAbout(wording.servers[server])}</p>
    <div class="wide" tabindex="0" role="region" aria-labelledby="race-benchmark">
      <table>
        <thead>
          <tr>
            <th scope="col">${words.figure}</th>
            <th scope="col" class="number sse">${wording.transports.sse}</th>
            <th scope="col" class="number websocket">${wording.transports.websocket}</th>
            <th scope="col" class="number">${words.ratio}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(row => figure(row, words))}
        </tbody>
      </table>
    </div>
  `
}

function figure({ pair, better }: Row, words: Speech): TemplateResult {
  const wording = wordings[words.language]
  const { measure, streams, statistic } = pair.key
  const { sse, websocket, ratio } = toTwo(pair, wording)
  const level = [
    statistic === 'value' ? '' : statistic,
    streams > 0 ? words.streams(toCount(streams)) : '',
  ]
  const cell = (value: string, of: Transport): TemplateResult => html`
    <td class="number ${of} ${better === of ? 'better' : ''}">
      ${value} ${better === of ? html`<span class="unseen">${words.better}</span>` : nothing}
    </td>
  `
  return html`
    <tr>
      <th scope="row">
        ${wording.measures[measure]} <small>${level.filter(Boolean).join(', ')}</small>
      </th>
      ${cell(sse, 'sse')} ${cell(websocket, 'websocket')}
      <td class="number">${ratio === '' ? words.none : ratio}</td>
    </tr>
  `
}

/** The sentences of the article that started it, each with what the run says to it. */
function claims(report: Report, words: Speech): TemplateResult {
  const { outcomes } = wordings[words.language]
  return html`
    <details class="claims">
      <summary>${words.reportSays}</summary>
      <dl>
        ${verdictsOf(report).map(({ outcome, text }) => {
          const { claim, sentence } = text[words.language]
          return html`
            <div>
              <dt>${claim} <span class="outcome ${outcome}">${outcomes[outcome]}</span></dt>
              <dd>${sentence}</dd>
            </div>
          `
        })}
      </dl>
    </details>
  `
}

const download = (words: Speech): TemplateResult => html`
  <p><a class="get" href=${WHOLE} download>${words.reportGet}</a></p>
`
