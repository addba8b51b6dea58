import { type TemplateResult, html, nothing } from 'lit-html'
import { type Live, doingOf } from '../live.ts'
import { rateAt } from '../pace.ts'
import type { Words } from '../words/words.ts'
import { about, rateOf, wholeTime } from './amounts.ts'
import type { Context } from './turn.ts'

/** What the answer is doing now: always the truth, and never nothing. */
export function status(live: Live, { state, words }: Context): TemplateResult {
  const name = doingOf(live, state.connection)
  const flows = name === 'thinking' || name === 'answering'
  return html`
    <footer class="status ${name}">
      <span class="dot"></span>
      ${name === 'ended' ? nothing : doing(name, live, words)}
      ${flows ? html`<chat-clock class="rate" .says=${rate(live, words)}></chat-clock>` : nothing}
    </footer>
  `
}

type Doing = Exclude<ReturnType<typeof doingOf>, 'ended'>

function doing(name: Doing, live: Live, words: Words): TemplateResult | string | typeof nothing {
  // The fold above says it, and for how long.
  if (name === 'thinking' && live.reasoning !== '') return nothing
  if (name !== 'queued' || !live.waiting) return words[name]
  const { code, until } = live.waiting
  const says = (now: number): string =>
    until > now ? words.againIn(wholeTime(until - now, words)) : words.again
  return html`<span>${words.errors[code]} <chat-clock .says=${says}></chat-clock></span>`
}

const rate =
  ({ pace }: Live, words: Words) =>
  (now: number): string => {
    const perSecond = rateAt(pace, now)
    return perSecond === undefined ? '' : about(rateOf(perSecond, words), true)
  }
