import { type TemplateResult, html, nothing } from 'lit-html'
import { busy } from '../chat.ts'
import type { Shown } from '../transcript.ts'
import { wholeTime } from './amounts.ts'
import { explained } from './explained.ts'
import type { Context } from './turn.ts'

/** Why an answer is not there, or not to its end, and what can be done about it. */
export function ended(shown: Shown, context: Context): TemplateResult | typeof nothing {
  const { turn, live } = shown
  const end = live?.end ?? turn.end
  if (end === undefined) return nothing
  if (end.type === 'failed') return failure(end, shown, context)
  const empty = (live?.text ?? turn.content).trim() === ''
  const reason = end.reason === 'stopped' ? (end.by ?? 'client') : end.reason
  const said = context.words.ends[reason === 'complete' && empty ? 'empty' : reason]
  return said === '' ? nothing : html`<p class="end">${said}</p>`
}

function failure(
  end: { readonly code: string; readonly message: string },
  { turn, live }: Shown,
  context: Context,
): TemplateResult {
  const { state, words, emit } = context
  // Only the page knows of a question that no server has taken.
  const unsaid = live !== undefined && live.generation === undefined
  const retry = (): void => emit(unsaid ? { type: 'retry' } : { type: 'regenerate', turn: turn.id })
  const disabled = busy(state) || (turn.id === '' && !unsaid)
  return html`
    <div class="failure" role="alert">
      <div class="why">
        ${explained(words, end)} ${possible(live?.generation ?? turn.generation, context)}
      </div>
      ${unsaid && live.asked?.body.message !== undefined ? takeBack(context) : nothing}
      <button class="plain" ?disabled=${disabled} @click=${retry}>${words.retry}</button>
    </div>
  `
}

const takeBack = ({ words, emit }: Context): TemplateResult => html`
  <button class="plain" @click=${() => emit({ type: 'stop' })}>${words.takeBack}</button>
`

/** When it may be tried again, where the server said so, and as long as that is to come. */
function possible(
  generation: string | undefined,
  { state: { again }, words }: Context,
): TemplateResult | typeof nothing {
  if (again?.key !== (generation ?? '')) return nothing
  const { at } = again
  const says = (now: number): string =>
    at > now ? words.possibleIn(wholeTime(at - now, words)) : ''
  return html`<p class="detail"><chat-clock .says=${says}></chat-clock></p>`
}
