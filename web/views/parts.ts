import { type TemplateResult, html, nothing } from 'lit-html'
import { type Changed, type Part, partsOf } from '../parts.ts'
import { tongueOf } from '../words/tongue.ts'
import { nameOf, settingsIn } from './named.ts'
import type { Context } from './turn.ts'

/** The text of an answer, marked where other settings took over. */
export function parts(
  text: string,
  { changes, writing }: { changes: readonly Changed[]; writing: boolean },
  context: Context,
): TemplateResult[] {
  const all = partsOf(text, changes)
  return all.map(({ change, text }: Part, i) => {
    const finished = !writing || i < all.length - 1
    return html`
      ${change ? mark(change, context) : nothing}
      <chat-prose
        class="prose"
        .labels=${context.words.code}
        lang=${tongueOf(text, context.state.choices.language)}
        .text=${text}
        .finished=${finished}
      ></chat-prose>
    `
  })
}

/** As much of a system prompt as a line takes. */
const SYSTEM_SHOWN = 40

function mark({ model, params, mode }: Changed, { state, words }: Context): TemplateResult {
  const settings = settingsIn(params, words).map(([name, value]) =>
    value.length > SYSTEM_SHOWN ? `${name} ${value.slice(0, SYSTEM_SHOWN)}…` : `${name} ${value}`,
  )
  const list = [nameOf(model, state.models), ...settings].join(' · ')
  return html`
    <p class="mark" title=${params.system ?? nothing}>
      <span>${mode === 'restart' ? words.startedOver(list) : words.fromHere(list)}</span>
    </p>
  `
}
