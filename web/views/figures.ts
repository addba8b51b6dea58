import { type TemplateResult, html, nothing } from 'lit-html'
import type { Figures, Usage } from '../figures.ts'
import type { Params } from '../live.ts'
import type { Shown } from '../transcript.ts'
import type { Words } from '../words/words.ts'
import { about, countOf, rateOf, timeOf } from './amounts.ts'
import { nameOf, settingsIn } from './named.ts'
import { type Context, fold } from './turn.ts'

/** What is known of an ended answer. */
interface Known {
  readonly figures: Figures
  readonly usage: Usage | undefined
  readonly model: string
  readonly params: Params
}

/** The figures of an ended answer: the main ones in a line, all of them in its fold. */
export function figures(shown: Shown, context: Context): TemplateResult | typeof nothing {
  const known = knownOf(shown, context)
  const { words } = context
  const line = lineOf(known, words).filter(Boolean)
  if (line.length === 0) return nothing
  const { open, act } = fold(`figures ${shown.key}`, false, context)
  return html`
    <details class="figures" ?open=${open}>
      <summary title=${words.details} @click=${act}>
        ${line.map(text => html`<span>${text}</span>`)}
      </summary>
      ${open ? all(known, words) : nothing}
    </details>
  `
}

function knownOf({ turn, live }: Shown, { state }: Context): Known {
  const generation = live?.generation ?? turn.generation ?? ''
  return {
    figures: state.figures[generation] ?? {},
    usage: live?.usage ?? turn.usage,
    model: nameOf(live?.model ?? turn.model, state.models),
    params: live?.params ?? turn.params ?? {},
  }
}

function lineOf({ figures, usage, model }: Known, words: Words): string[] {
  const { first, rate, rough, total } = figures
  return [
    first === undefined ? '' : words.firstToken(timeOf(first, words)),
    rate === undefined ? '' : about(rateOf(rate, words), rough),
    usage === undefined ? '' : about(words.tokens(countOf(usage.output)), usage.estimated),
    total === undefined ? '' : words.inAll(timeOf(total, words)),
    model,
  ]
}

function all({ figures, usage, model, params }: Known, words: Words): TemplateResult {
  const { first, rate, rough, total, thought } = figures
  const names = words.figureNames
  const time = (ms: number | undefined): string => (ms === undefined ? '' : timeOf(ms, words))
  const count = (n: number | undefined): string =>
    n === undefined ? '' : about(countOf(n), usage?.estimated)
  const guessed = rough === true || usage?.estimated === true
  return html`
    <dl>
      ${row(names.model, model)} ${row(names.first, time(first))}
      ${row(names.rate, rate === undefined ? '' : about(rateOf(rate, words), rough))}
      ${row(names.output, count(usage?.output))} ${row(names.input, count(usage?.input))}
      ${row(names.thought, time(thought))} ${row(names.total, time(total))}
      ${settingsIn(params, words).map(([name, value]) => row(name, value))}
    </dl>
    ${guessed ? html`<p>${words.guessed}</p>` : nothing}
    ${total === undefined ? html`<p>${words.unmeasured}</p>` : nothing}
  `
}

const row = (name: string, value: string): TemplateResult | typeof nothing =>
  value === ''
    ? nothing
    : html`
        <div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>
      `
