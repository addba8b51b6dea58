import { render } from 'lit-html'
import { createCable } from './cable.ts'
import { busy, initial, reduce } from './chat.ts'
import { keepChoices, keepSigned, readChoices, readSigned } from './choices.ts'
import { refuseFiles } from './files.ts'
import { focusAfter } from './focus.ts'
import { intentsOf, pagesOf } from './keyboard.ts'
import { createMemory } from './memory.ts'
import { noticeOf } from './notice.ts'
import { createPin } from './pin.ts'
import { createSession } from './session.ts'
import { createSign } from './sign.ts'
import type { Action, Intent, State } from './state.ts'
import { listenToTabs } from './tabs.ts'
import { titleOf } from './title.ts'
import { createTypesetter } from './typeset.ts'
import { defineClock } from './views/clock.ts'
import { page } from './views/page.ts'
import { mark } from './wire.ts'

/** The address of the race. */
const RACE = '#race'

const root = document.body
const narrow = matchMedia('(width < 760px)')
const memory = createMemory()
let state: State = { ...initial(readChoices(), readSigned(), Date.now()), ...memory.recall() }
// Set while a frame is asked for: however much happens, the page is drawn once a frame.
let frame: number | undefined
// What is to have the focus once it is drawn.
let focus: string | undefined
// An answer ended while the page was hidden, and it has not been seen since.
let ended = false

const cable = createCable({ base: new URL(document.baseURI), state: () => state, dispatch })
const session = createSession({
  ...cable,
  state: () => state,
  dispatch,
  address: id => {
    if (state.place !== 'race') history.replaceState(null, '', placeOf(id))
  },
  tell: listenToTabs(id => session.refresh(id)),
})

const typeset = createTypesetter(() => {
  const message = 'Load the page again. Whatever was answered is kept.'
  dispatch({ type: 'notice', notice: { code: 'part_missing', message } })
})

const pin = createPin({
  scroller: () => document.querySelector<HTMLElement>('#scroll'),
  pinned: () => state.pinned,
  change: pinned => dispatch({ type: 'pin', pinned }),
})

const sign = createSign({
  ...cable.server,
  dispatch,
  changed(signed) {
    keepSigned(signed)
    if (signed === 'in') return location.reload()
    // Whoever signs in next finds nothing of theirs, but how the page looks.
    memory.forget()
    keepChoices({ ...state.choices, model: undefined, params: {} })
    return location.replace(location.pathname)
  },
})

function dispatch(action: Action): void {
  const before = state
  state = mark(reduce(before, action), before, Date.now())
  if (state === before) return
  if (state.choices !== before.choices) keepChoices(state.choices)
  memory.keep(before, state)
  typeset(state)
  // Nothing works before; a question that is begun already is left in peace.
  if (state.notice?.code === 'unauthorized' && !before.notice && state.draft === '')
    focus = '.key input'
  frame ??= requestAnimationFrame(draw)
  if (document.hidden) whileHidden(before)
}

/** Nothing is drawn then, but the title is seen. */
function whileHidden(before: State): void {
  ended ||= busy(before) && !busy(state) && state.open === before.open
  showTitle()
}

/** Setting it, to what it is too, changes the document. */
function showTitle(): void {
  const title = titleOf(state, ended)
  if (document.title !== title) document.title = title
}

function draw(): void {
  frame = undefined
  const { language, theme } = state.choices
  const { documentElement: html } = document
  // Setting them, to what they are too, makes the browser reckon the style of everything anew.
  if (html.lang !== language) html.lang = language
  if (html.dataset['theme'] !== (theme ?? 'system')) html.dataset['theme'] = theme ?? 'system'
  showTitle()
  render(page(state, act), root)
  pin.drawn()
  showSheet(state.panel === 'keys' ? 'shown' : 'hidden')
  if (focus !== undefined) give(focus)
  focus = undefined
}

/** What scrolls is given the focus so that keys work: the ring around all of it is for who goes there. */
function give(selector: string): void {
  const element = document.querySelector<HTMLElement>(selector)
  if (element?.id === 'scroll') element.dataset['given'] = ''
  element?.focus()
}

/** A dialog is open or not by itself; here it does what the state says. */
function showSheet(as: 'shown' | 'hidden'): void {
  const sheet = document.querySelector<HTMLDialogElement>('dialog#keys')
  if (!sheet || sheet.open === (as === 'shown')) return
  if (sheet.open) sheet.close()
  else sheet.showModal()
}

function act(intent: Intent): void {
  sign(intent)
  const before = state
  if (intent.type === 'plug') cable.pull()
  session.act(intent)
  focus = focusAfter(intent, before, state) ?? focus
  if (focus !== undefined) frame ??= requestAnimationFrame(draw)
}

function onKey(event: KeyboardEvent): void {
  const pages = pagesOf(event)
  const scroller = document.querySelector('#scroll')
  if (pages !== 0) scroller?.scrollBy({ top: pages * scroller.clientHeight })
  const intents = intentsOf(event, state, narrow.matches ? 'narrow' : 'wide')
  if (pages !== 0 || intents.length > 0) event.preventDefault()
  for (const intent of intents) {
    // What was typed into a panel counts, also if a key closes it.
    if (intent.type === 'panel' && intent.panel === 'none') blur()
    if (intent.type === 'open') history.pushState(null, '', placeOf(intent.id))
    act(intent)
  }
}

function blur(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}

const conversationOf = (hash: string): string | undefined => /^#(cnv_[\w-]+)$/.exec(hash)?.[1]
const placeOf = (id: string | undefined): string =>
  id === undefined ? location.pathname : `#${id}`

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

function onVisible(): void {
  if (document.hidden) return
  ended = false
  cable.hurry()
  session.refresh()
  showTitle()
}

/** What lies over a narrow page would stand in the way of a wide one. */
function onWidth(): void {
  if (state.panel === 'list') act({ type: 'panel', panel: 'none' })
}

function onLeave(): void {
  memory.flush()
  session.leave()
}

defineClock()
refuseFiles()
addEventListener('keydown', onKey)
addEventListener('hashchange', () => void go())
addEventListener('focus', () => session.refresh())
addEventListener('pagehide', onLeave)
addEventListener('offline', () => void cable.probe())
addEventListener('online', () => void cable.probe())
document.addEventListener('visibilitychange', onVisible)
narrow.addEventListener('change', onWidth)
if (location.hash === RACE) void go()
void session.begin(conversationOf(location.hash), memory.unsaid())
