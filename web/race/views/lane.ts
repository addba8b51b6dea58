import { type TemplateResult, html, nothing } from 'lit-html'
import { keyed } from 'lit-html/directives/keyed.js'
import { live } from 'lit-html/directives/live.js'
import { ready } from '../../settings.ts'
import { doingOf } from '../../live.ts'
import { explained } from '../../views/explained.ts'
import { textOf } from '../../views/emit.ts'
import { icons } from '../../views/icons.ts'
import type { Transport } from '../../link/link.ts'
import { type Lane, hasEnded } from '../lane.ts'
import { labelOf, namesOf, tonesOf, transportNames } from '../names.ts'
import type { At } from '../state.ts'
import type { Speech } from '../words.ts'
import type { Context } from './context.ts'
import { figures } from './figures.ts'

/** One lane: who runs, the figures, and what is said. */
export function lane(at: At, context: Context): TemplateResult {
  const { state, words } = context
  const { race, entrants, models } = state
  const { transport, model } = entrants[at]
  const name = words.laneOf(
    at + 1,
    transportNames[transport],
    labelOf(ready(models, model), models),
  )
  const shown = race?.lanes[at]
  return html`
    <section class="lane ${tonesOf(entrants)[at]}" aria-labelledby="lane-${at}">
      <h2 class="unseen" id="lane-${at}">${name}</h2>
      <header>
        ${transportPicker(at, context)} ${modelPicker(at, context)} <span class="gap"></span>
        ${condition(shown, context)} ${stopper(at, context)}
      </header>
      ${figures(at, context)} ${said(at, context)}
    </section>
  `
}

const transportPicker = (at: At, { state, words, act }: Context): TemplateResult => html`
  <select
    class="picker over"
    aria-label="${words.page.transport}, ${words.lane(at + 1)}"
    ?disabled=${state.running}
    @change=${(event: Event) =>
      act({ type: 'enter', lane: at, entrant: { transport: textOf(event) as Transport } })}
  >
    ${(['sse', 'websocket'] as const).map(
      one => html`
        <option value=${one} .selected=${live(one === state.entrants[at].transport)}>
          ${transportNames[one]}
        </option>
      `,
    )}
  </select>
`

function modelPicker(at: At, { state, words, act }: Context): TemplateResult {
  const now = ready(state.models, state.entrants[at].model)
  return html`
    <select
      class="picker"
      aria-label="${words.page.model}, ${words.lane(at + 1)}"
      ?disabled=${state.running}
      @change=${(event: Event) =>
        act({ type: 'enter', lane: at, entrant: { model: textOf(event) } })}
    >
      ${state.models.map(
        ({ id, label, ready, missing }) => html`
          <option value=${id} ?disabled=${!ready} .selected=${live(id === now)}>
            ${ready ? label : words.page.missing(label, missing ?? '')}
          </option>
        `,
      )}
    </select>
  `
}

const stopper = (at: At, { state, words, act }: Context): TemplateResult => {
  const shown = state.race?.lanes[at]
  const name = words.stopLane(namesOf(state.entrants, state.models, words)[at])
  const idle = !state.running || !shown || hasEnded(shown) || shown.live.stopping
  return html`
    <button
      class="quiet"
      aria-label=${name}
      title=${name}
      ?disabled=${idle}
      @click=${() => act({ type: 'stop', lane: at })}
    >
      ${icons.stop}
    </button>
  `
}

/** How the lane is doing: always the truth, and never nothing. */
function condition(shown: Lane | undefined, { words }: Context): TemplateResult {
  const doing = doingIn(shown)
  return html`<span class="condition ${doing}"
    ><span class="dot"></span>${words.states[doing]}</span
  >`
}

function doingIn(shown: Lane | undefined): keyof Speech['states'] {
  if (!shown) return 'ready'
  const { end } = shown.live
  if (end?.type === 'failed') return 'failed'
  if (end) return end.reason === 'stopped' ? 'stopped' : 'complete'
  if (shown.startedAt === undefined) return 'opening'
  const doing = doingOf(shown.live, shown.connection)
  return doing === 'ended' ? 'complete' : doing
}

/** The answer as it streams, or the place for it. */
function said(at: At, { state, words }: Context): TemplateResult {
  const { race, entrants, models } = state
  const shown = race?.lanes[at]
  const name = words.answerOf(namesOf(entrants, models, words)[at])
  return html`
    <div class="said" role="region" tabindex="0" aria-label=${name}>
      ${shown ? keyed(race?.number, spoken(shown, words)) : html`<p class="hint">${words.waiting}</p>`}
    </div>
  `
}

function spoken(shown: Lane, words: Speech): TemplateResult {
  const { text, reasoning, end } = shown.live
  return html`
    ${
      reasoning === ''
        ? nothing
        : html`
            <details class="reasoning" ?open=${text === ''}>
              <summary>${words.page.reasoning}</summary>
              <chat-prose class="prose" .labels=${words.page.code} .text=${reasoning}></chat-prose>
            </details>
          `
    }
    <chat-prose
      class="prose"
      .labels=${words.page.code}
      .text=${text}
      .finished=${end !== undefined}
    ></chat-prose>
    ${end?.type === 'failed' ? html`<div class="failure">${explained(words.page, end)}</div>` : nothing}
    ${end?.type === 'done' && end.reason !== 'complete' ? html`<p class="end">${words.page.ends[end.reason === 'stopped' ? (end.by ?? 'client') : end.reason]}</p>` : nothing}
  `
}
