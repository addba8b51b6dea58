import { type TemplateResult, html, nothing } from 'lit-html'
import type { Range } from '../../../src/bench/report/statistics.ts'
import { toMs, toNumber } from '../format.ts'
import { namesOf, tonesOf } from '../names.ts'
import { type Measure, middleOf } from '../series.ts'
import type { Series } from '../state.ts'
import type { Speech } from '../words.ts'
import type { Context } from './context.ts'

/** What is in the middle of several races; nothing before the first of them is over. */
export function series({ state, words }: Context): TemplateResult | typeof nothing {
  const { series: shown, running, models } = state
  if (!shown) return nothing
  const done = shown.rounds.length
  const goesOn = running && done < shown.of
  const names = namesOf(shown.entrants, models, words)
  const tones = tonesOf(shown.entrants)
  return html`
    <section class="series">
      <h2 id="race-series">
        ${goesOn ? words.seriesProgress(done + 1, shown.of) : words.seriesTitle(done)}
      </h2>
      <p class="about">${words.seriesAbout(shown.prompt)}</p>
      <div class="wide" tabindex="0" role="region" aria-labelledby="race-series">
        <table>
          <thead>
            <tr>
              <th scope="col">${words.figure}</th>
              ${names.map((name, at) => html`<th scope="col" class="number ${tones[at]}">${name}</th>`)}
              <th scope="col" class="number">${words.ratio}</th>
            </tr>
          </thead>
          <tbody>
            ${row('firstMs', shown, words)} ${row('average', shown, words)}
            ${row('bytesPerToken', shown, words)}
          </tbody>
        </table>
      </div>
    </section>
  `
}

function row(measure: Measure, shown: Series, words: Speech): TemplateResult {
  const { lanes, ratio } = middleOf(shown, measure)
  const say = (value: number): string =>
    measure === 'firstMs' ? toMs(value, words) : toNumber(value)
  return html`
    <tr>
      <th scope="row">${words.figures[nameOf[measure]]}</th>
      ${lanes.map(range => cell(range, say, words))}
      ${cell(ratio, value => `${value.toFixed(2)}×`, words)}
    </tr>
  `
}

const nameOf = { firstMs: 'first', average: 'average', bytesPerToken: 'perToken' } as const

const cell = (
  range: Range | undefined,
  say: (value: number) => string,
  words: Speech,
): TemplateResult => html`
  <td class="number">
    ${range ? say(range.median) : words.none}
    ${range && range.rounds > 1 ? html`<small>${toNumber(range.min)} – ${toNumber(range.max)}</small>` : nothing}
  </td>
`
