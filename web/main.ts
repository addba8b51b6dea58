import { render } from 'lit-html'
import { createApi } from './api.ts'
import { initial, reduce } from './chat.ts'
import { keepChoices, keepKey, readChoices, readKey } from './choices.ts'
import { refuseFiles } from './files.ts'
import { focusAfter } from './focus.ts'
import { type Wait, openLink } from './link/link.ts'
import { createMemory } from './memory.ts'
import { noticeOf } from './notice.ts'
import { createPlug } from './plug.ts'
import { createSession } from './session.ts'
import type { Action, Intent, State } from './state.ts'
import { defineClock } from './views/clock.ts'
import { listenToTabs } from './tabs.ts'
import { page } from './views/page.ts'
import { defineProse } from './views/prose.ts'

/** The address of the race. */
const RACE = '#race'
/** So near to its end, in CSS pixels, the transcript is kept at it. */
const NEAR_END = 32

const root = document.body
const key = readKey()
const base = new URL(document.baseURI)
const memory = createMemory()
let state: State = { ...initial(readChoices(), key !== undefined), ...memory.recall() }
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
  // A question that waits is not lost: the page says why, and a person may take it back.
  pace: { patienceMs: 90_000 },
  onState: (connection: State['connection'], generation?: string, wait?: Wait) => {
    if (!state.live || state.live.generation !== generation) return
    const waiting = wait && { code: wait.code, until: performance.now() + wait.ms }
    dispatch({ type: 'connection', connection, waiting })
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
  address: id => {
    if (state.place === 'race') return
    history.replaceState(null, '', id === undefined ? location.pathname : `#${id}`)
  },
  tell: listenToTabs(id => session.refresh(id)),
})

function dispatch(action: Action): void {
  const before = state
  state = reduce(state, action)
  if (state.choices !== before.choices) keepChoices(state.choices)
  memory.keep(before, state)
  frame ??= requestAnimationFrame(draw)
}

function draw(): void {
  frame = undefined
  document.documentElement.lang = state.choices.language
  const title = state.conversations.find(({ id }) => id === state.open)?.title
  document.title = title && state.place === 'chat' ? `${title} – ChatAI` : 'ChatAI'
  render(page(state, act), root)
  const scroller = document.querySelector('#scroll')
  if (state.pinned && scroller) scroller.scrollTop = scroller.scrollHeight
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

/** The end stays in view until a person scrolls away from it, and again once they are back. */
function onScroll({ target }: Event): void {
  if (!(target instanceof HTMLElement) || target.id !== 'scroll') return
  const pinned = target.scrollHeight - target.scrollTop - target.clientHeight < NEAR_END
  if (pinned !== state.pinned) dispatch({ type: 'pin', pinned })
}

/** Where the address leads. The race is loaded by those who want to see it. */
async function go(): Promise<void> {
  if (location.hash !== RACE) return act({ type: 'open', id: conversationOf(location.hash) })
  try {
    await import('./race/race.ts')
    if (location.hash === RACE) act({ type: 'race' })
  } catch (error) {
    dispatch({ type: 'notice', notice: noticeOf(error) })
  }
}

defineProse()
defineClock()
addEventListener('pagehide', memory.flush)
refuseFiles()
root.addEventListener('scroll', onScroll, { capture: true, passive: true })
addEventListener('keydown', onKey)
addEventListener('hashchange', () => void go())
addEventListener('focus', () => session.refresh())
document.addEventListener('visibilitychange', () => document.hidden || session.refresh())
addEventListener('pagehide', () => session.leave())
if (location.hash === RACE) void go()
void session.begin(conversationOf(location.hash), memory.unsaid())
