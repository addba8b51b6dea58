import { type TemplateResult, html, nothing } from 'lit-html'
import type { Connection } from '../link/link.ts'
import type { State } from '../state.ts'
import { connectionOf } from '../wire.ts'
import type { Words } from '../words/words.ts'
import type { Emit } from './emit.ts'
import { hinted } from './hint.ts'
import { icons } from './icons.ts'

/** How the connection is, by shape and by word; what is known of it on a closer look. */
export function indicator(state: State, words: Words): TemplateResult {
  const now = connectionOf(state)
  const name = words.connections[now]
  const control = html`
    <button
      class="quiet wire ${now}"
      type="button"
      aria-label=${words.connection(name)}
      aria-describedby="wire-details"
      popovertarget="wire-details"
      popovertargetaction="show"
    >
      ${icons[now]}<span class="wire-names">${names(now, words)}</span>
    </button>
  `
  return html`
    ${hinted('wire-details', control, details(state, words))}
    <span class="unseen" role="status">
      ${now === 'connected' && state.wire.reconnects === 0 ? nothing : words.connection(name)}
    </span>
  `
}

/** All of its words lie over each other: it is as wide as the widest, and nothing beside it moves. */
const names = (now: Connection, { connections }: Words): TemplateResult[] =>
  (['connected', 'resuming', 'offline'] as const).map(
    state => html`<span class="wire-name" ?data-now=${state === now}>${connections[state]}</span>`,
  )

function details({ choices, wire, live }: State, words: Words): TemplateResult {
  const crowded = wire.crowded && live !== undefined && choices.transport === 'sse'
  const over = choices.transport === 'sse' ? 'SSE' : 'WebSocket'
  const since = new Date(wire.since).toLocaleTimeString(choices.language)
  return html`
    <span>${crowded ? words.crowded : words.over(over)}</span>
    <span>${words.since(since)}</span>
    <span>${words.reconnects(wire.reconnects)}</span>
  `
}

/** Cuts the connection, to show that an answer survives it. */
export function plug({ wire }: State, words: Words, emit: Emit): TemplateResult {
  const name = wire.pulled ? words.plugBack : words.plug
  const control = html`
    <button
      class="quiet"
      type="button"
      aria-label=${name}
      aria-describedby="plug-details"
      @click=${() => emit({ type: 'plug' })}
    >
      ${wire.pulled ? icons.unplugged : icons.plug}
    </button>
  `
  // Its name is for the eye: whoever hears the page has heard it already.
  const more = html`<strong aria-hidden="true">${name}</strong><span>${words.plugMore}</span>`
  return hinted('plug-details', control, more)
}
