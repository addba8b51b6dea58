import { render } from 'lit-html'
import { createApi } from './api.ts'
import { initial, reduce } from './chat.ts'
import { keepChoices, keepKey, readChoices, readKey } from './choices.ts'
import { focusAfter } from './focus.ts'
import { openLink } from './link/link.ts'
import { createPin } from './pin.ts'
import { createPlug } from './plug.ts'
import { createSession } from './session.ts'
import type { Action, Intent, State } from './state.ts'
import { page } from './views/page.ts'
import { defineProse } from './views/prose.ts'

const root = document.body
const key = readKey()
const base = new URL(document.baseURI)
let state: State = initial(readChoices(), key !== undefined)
// Set while a frame is asked for: however much happens, the page is drawn once a frame.
let frame: number | undefined
// What is to have the focus once it is drawn.
let focus: string | undefined

const plug = createPlug()
const setup = {
  base,
  fetch: plug.fetch,
  WebSocket: plug.WebSocket,
  ...(key !== undefined && { key }),
  onState: (connection: State['connection'], generation?: string) => {
    if (state.live && state.live.generation === generation)
      dispatch({ type: 'connection', connection })
  },
}
const session = createSession({
  api: createApi(
    { base: new URL('api/ai/', base), key, fetch: plug.fetch },
    new AbortController().signal,
  ),
  links: { sse: openLink('sse', setup), websocket: openLink('websocket', setup) },
  state: () => state,
  dispatch,
  address: id => history.replaceState(null, '', id === undefined ? location.pathname : `#${id}`),
})

const pin = createPin({
  scroller: () => document.querySelector<HTMLElement>('#scroll'),
  pinned: () => state.pinned,
  change: pinned => dispatch({ type: 'pin', pinned }),
})

function dispatch(action: Action): void {
  state = reduce(state, action)
  if (action.type === 'choose' || action.type === 'tune') keepChoices(state.choices)
  frame ??= requestAnimationFrame(draw)
}

function draw(): void {
  frame = undefined
  const { documentElement: html } = document
  if (html.lang !== state.choices.language) html.lang = state.choices.language
  const title = state.conversations.find(({ id }) => id === state.open)?.title
  document.title = title ? `${title} – ChatAI` : 'ChatAI'
  render(page(state, act), root)
  pin.drawn()
  if (focus !== undefined) document.querySelector<HTMLElement>(focus)?.focus()
  focus = undefined
}

function act(intent: Intent): void {
  if (intent.type === 'key') {
    keepKey(intent.key)
    return location.reload()
  }
  const before = state
  session.act(intent)
  focus = focusAfter(intent, before, state) ?? focus
}

/** Escape closes the open panel, wherever the focus is; what was typed there counts. */
function onKey({ key, isComposing }: KeyboardEvent): void {
  if (key !== 'Escape' || isComposing || state.panel === 'none') return
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  act({ type: 'panel', panel: 'none' })
}

const conversationOf = (hash: string): string | undefined => /^#(cnv_[\w-]+)$/.exec(hash)?.[1]

defineProse()
addEventListener('keydown', onKey)
addEventListener('hashchange', () => act({ type: 'open', id: conversationOf(location.hash) }))
await session.begin(conversationOf(location.hash))
