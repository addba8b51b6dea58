import { type TemplateResult, html, nothing } from 'lit-html'
import type { Live } from '../live.ts'
import type { Shown } from '../transcript.ts'
import type { Words } from '../words/words.ts'
import { timeOf, wholeTime } from './amounts.ts'
import { type Context, fold } from './turn.ts'

/** The model's reasoning: open while there is no answer yet, unless a person wants it otherwise. */
export function reasoning(shown: Shown, context: Context): TemplateResult | typeof nothing {
  const { key, turn, live } = shown
  const text = live?.reasoning ?? turn.reasoning ?? ''
  if (text === '') return nothing
  const unanswered = (live?.text ?? turn.content) === ''
  const { open, act } = fold(`reasoning ${key}`, unanswered, context)
  return html`
    <details class="reasoning" ?open=${open}>
      <summary @click=${act}>${title(shown, context)}</summary>
      <chat-prose
        class="prose"
        .labels=${context.words.code}
        .text=${text}
        .finished=${!thinks(live)}
      ></chat-prose>
    </details>
  `
}

const thinks = (live: Live | undefined): boolean =>
  live !== undefined && !live.end && live.saying === 'reasoning'

function title({ turn, live }: Shown, { state, words }: Context): TemplateResult | string {
  if (live && thinks(live)) return thinking(live, words)
  const known = live?.pace.thought ?? state.figures[turn.generation ?? '']?.thought
  return known ? words.thoughtFor(timeOf(known, words)) : words.reasoning
}

function thinking({ pace }: Live, words: Words): TemplateResult | string {
  const { thinking: since, thought = 0, steady } = pace
  // While nothing can arrive nobody knows whether it still thinks.
  if (since === undefined || steady === Infinity) return words.thinking
  const says = (now: number): string => words.thinkingFor(wholeTime(thought + now - since, words))
  return html`<chat-clock .says=${says}></chat-clock>`
}
