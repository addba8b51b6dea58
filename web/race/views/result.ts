import { type TemplateResult, html } from 'lit-html'
import type { Transport } from '../../link/link.ts'
import { type Check, type Lead, checkOf, leadOf } from '../figures.ts'
import { toCount, toLead } from '../format.ts'
import { namesOf, tonesOf } from '../names.ts'
import type { Both, Entrant } from '../state.ts'
import type { Speech } from '../words.ts'
import type { Context } from './context.ts'

/** One thing that both lanes are judged by. */
interface Judged {
  /** Of whom it speaks. */
  readonly tone?: Transport
  readonly value: string
  readonly more: string
  readonly isBad?: boolean
}

/** Who was first, and whether all of it came. */
export function result(context: Context): TemplateResult {
  const { state, words } = context
  const { race, entrants, running } = state
  const check = race && checkOf(race)
  const open = { value: running ? words.open : words.none, more: '' }
  return html`
    <dl class="result" aria-label=${words.result}>
      ${entry(words.goals.first, leading(race && leadOf(race, 'firstAt'), entrants, context) ?? open)}
      ${entry(words.goals.end, leading(race && leadOf(race, 'endedAt'), entrants, context) ?? open)}
      ${entry(words.events, check ? eventsOf(check, words) : open)}
      ${entry(words.texts, check ? textsOf(check, words) : open)}
    </dl>
  `
}

const entry = (name: string, { value, more, tone, isBad }: Judged): TemplateResult => html`
  <div class=${isBad === true ? 'bad' : (tone ?? '')}>
    <dt>${name}</dt>
    <dd>${value} <small>${more}</small></dd>
  </div>
`

function leading(
  lead: Lead | undefined,
  entrants: Both<Entrant>,
  { state, words }: Context,
): Judged | undefined {
  if (!lead) return undefined
  if (lead.lane === undefined) return { value: words.even, more: words.evenMore }
  return {
    value: namesOf(entrants, state.models, words)[lead.lane],
    more: words.by(toLead(lead.byMs, words)),
    tone: tonesOf(entrants)[lead.lane],
  }
}

const soundness = ({ lost, doubled }: Check, words: Speech): string =>
  lost + doubled === 0 ? words.sound : words.unsound(toCount(lost), toCount(doubled))

const eventsOf = (check: Check, words: Speech): Judged => ({
  value: toCount(check.events),
  more: soundness(check, words),
  isBad: check.lost + check.doubled > 0,
})

function textsOf({ alike, faithful }: Check, words: Speech): Judged {
  const value = alike === undefined ? words.none : alike ? words.alike : words.unalike
  if (faithful === undefined) return { value, more: words.unread }
  return { value, more: faithful ? words.faithful : words.unfaithful, isBad: !faithful }
}

/** Said once, at the end: figures that change all the time are nothing to listen to. */
export function announcement({ state, words }: Context): string {
  const { race, running, entrants, models } = state
  const check = race && checkOf(race)
  if (running || !check) return ''
  const names = namesOf(entrants, models, words)
  const say = (lead: Lead | undefined, how: 'sayFirst' | 'sayEnd'): string => {
    if (!lead) return ''
    if (lead.lane === undefined) return words[`${how}Even`]
    return words[how](names[lead.lane], toLead(lead.byMs, words))
  }
  const counted = words.counted(toCount(check.events), soundness(check, words))
  const all = [
    say(leadOf(race, 'firstAt'), 'sayFirst'),
    say(leadOf(race, 'endedAt'), 'sayEnd'),
    counted,
  ]
  return [words.sayOver, ...all].filter(Boolean).join(' ')
}
