import { type TemplateResult, html, nothing } from 'lit-html'
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
    >
      ${icons[now]}<span class="wire-name">${name}</span>
    </button>
  `
  return html`
    ${hinted('wire-details', control, details(state, words))}
    <span class="unseen" role="status">
      ${now === 'connected' && state.wire.reconnects === 0 ? nothing : words.connection(name)}
    </span>
  `
}

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
  const control = html`
    <button
      class="quiet"
      type="button"
      aria-label=${wire.pulled ? words.plugBack : words.plug}
      aria-describedby="plug-details"
      @click=${() => emit({ type: 'plug' })}
    >
      ${wire.pulled ? icons.unplugged : icons.plug}
    </button>
  `
  return hinted('plug-details', control, html`<span>${words.plugMore}</span>`)
}
