import { type TemplateResult, html, nothing } from 'lit-html'
import { type Figures, figuresOf, leadOf } from '../figures.ts'
import { toCount, toMs, toNumber, toSeconds } from '../format.ts'
import { namesOf } from '../names.ts'
import type { At, Race } from '../state.ts'
import type { Speech } from '../words.ts'
import type { Context } from './context.ts'
import { curve } from './curve.ts'

/** A lane in numbers. What changes is not announced; who looks it up reads the present value. */
export function figures(at: At, { state, words }: Context): TemplateResult {
  const { race, now, entrants, models } = state
  const shown = race && figuresOf(race.lanes[at], now)
  const { figures: names } = words
  const name = words.figuresOf(namesOf(entrants, models, words)[at])
  return html`
    <div class="numbers">
      <dl aria-label=${name}>
        ${figure(names.first, waitOf(shown, words), marks(race, { at, goal: 'firstAt' }, words))}
        ${figure(names.average, guessed(shown, shown?.average, words))}
        ${figure(names.speed, guessed(shown, shown?.speed, words))}
        ${figure(names.tokens, shown ? guess(toCount(shown.tokens), shown, words) : words.none)}
        ${figure(names.bytes, shown ? words.byteCount(toCount(shown.bytes)) : words.none)}
        ${figure(names.perToken, guessed(shown, shown?.bytesPerToken, words))}
        ${figure(names.resumes, resumesOf(shown, words))}
        ${figure(names.total, totalOf(shown, words), marks(race, { at, goal: 'endedAt' }, words))}
      </dl>
      ${curve(at, { state, words })}
    </div>
  `
}

type Mark = TemplateResult | typeof nothing

const figure = (name: string, value: string, mark: Mark = nothing): TemplateResult => html`
  <div>
    <dt>${name}</dt>
    <dd>${value} ${mark}</dd>
  </div>
`

/** Beside the figure of the lane that was there first. */
function marks(
  race: Race | undefined,
  { at, goal }: { readonly at: At; readonly goal: Parameters<typeof leadOf>[1] },
  words: Speech,
): Mark {
  const lead = race && leadOf(race, goal)
  return lead?.lane === at ? html`<span class="ahead">${words.firstHere}</span>` : nothing
}

const waitOf = (shown: Figures | undefined, words: Speech): string =>
  shown?.firstMs === undefined ? words.none : toMs(shown.firstMs, words)

const totalOf = (shown: Figures | undefined, words: Speech): string =>
  shown?.totalMs === undefined ? words.none : toSeconds(shown.totalMs, words)

const guessed = (shown: Figures | undefined, value: number | undefined, words: Speech): string =>
  shown === undefined || value === undefined ? words.none : guess(toNumber(value), shown, words)

const guess = (text: string, shown: Figures, words: Speech): string =>
  shown.guessed ? words.guess(text) : text

function resumesOf(shown: Figures | undefined, words: Speech): string {
  if (!shown) return words.none
  const { resumes, awayMs } = shown
  return resumes === 0 ? '0' : words.resumed(resumes, toSeconds(awayMs, words))
}
