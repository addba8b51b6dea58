/** What the page does: intents become requests, and what the server says becomes news. */
import type { Api } from './api.ts'
import { createAsker } from './asking.ts'
import { busy, chosen } from './chat.ts'
import { copyText } from './clipboard.ts'
import { createLibrarian } from './librarian.ts'
import type { Item, Link, Transport } from './link/link.ts'
import type { Unsaid } from './memory.ts'
import { noticeOf } from './notice.ts'
import { changeTo, settingsOf } from './settings.ts'
import type { Action, Intent, State } from './state.ts'
import { createWatcher } from './watcher.ts'

/** So long a button says that its text was copied. */
const COPIED_MS = 2000

/** What a session acts on. */
export interface Parts {
  readonly api: Api
  readonly links: Readonly<Record<Transport, Link>>
  readonly state: () => State
  readonly dispatch: (action: Action) => void
  /** Put the conversation into the page's address. */
  readonly address: (conversation: string | undefined) => void
  /** Let other tabs know that a conversation has changed. */
  readonly tell: (conversation: string) => void
}

export interface Session {
  act(intent: Intent): void
  /**
   * Fetch what the page begins with, and open the conversation that its address names. A question
   * that was on its way when the page was left is asked again.
   */
  begin(conversation: string | undefined, unsaid?: Unsaid): Promise<void>
  /** Somebody looks at the page again, or `changed` was changed elsewhere: show what there is now. */
  refresh(changed?: string): void
  /** The page is left. */
  leave(): void
}

/** What was fetched so recently is not fetched again because somebody looks. */
const FRESH_MS = 1000

export function createSession({ api, links, state, dispatch, address, tell }: Parts): Session {
  const link = (): Link => links[state().choices.transport]
  const complain = (error: unknown): void => dispatch({ type: 'notice', notice: noticeOf(error) })
  const watcher = createWatcher({ link, state, dispatch, onStarted })
  const asker = createAsker({
    api,
    state,
    dispatch,
    start: body => run(watcher.start(body)),
    openNew() {
      dispatch({ type: 'open', id: undefined })
      address(undefined)
    },
  })

  /** Run something that nobody waits for: what goes wrong is shown. */
  const run = (work: Promise<unknown>): void => void work.catch(complain)

  const librarian = createLibrarian({ api, state, dispatch, run, show, tell })
  const { list } = librarian

  function show(id: string): void {
    act({ type: 'open', id })
    address(id)
  }

  /** The list, and the open conversation if it went on, or is gone, without this page. */
  async function refresh(changed: string | undefined): Promise<void> {
    const timeOf = (id: string | undefined): number | undefined =>
      state().conversations.find(conversation => conversation.id === id)?.updatedAt
    const { open } = state()
    const before = timeOf(open)
    await list()
    if (open === undefined || open !== state().open || busy(state())) return
    if (changed === open || before !== timeOf(open)) await load(open)
  }

  async function models(): Promise<void> {
    dispatch({ type: 'models', ...(await api.models()) })
  }

  async function load(id: string): Promise<void> {
    try {
      const conversation = await api.conversation(id)
      if (state().open !== id) return
      dispatch({ type: 'loaded', conversation })
      watcher.watch()
    } catch (error) {
      if (state().open !== id) return
      const gone = noticeOf(error).code !== 'unreachable'
      if (gone) dispatch({ type: 'vacated', id })
      if (gone) address(undefined)
      complain(error)
      // No answer is no refusal: the conversation may still be there.
      if (!gone) await load(id)
    }
  }

  /** The server took the question: its turns have ids now, and the conversation may be new. */
  function onStarted({ conversation }: Extract<Item, { type: 'started' }>): void {
    if (conversation === null) return
    address(conversation)
    dispatch({ type: 'opened', id: conversation })
    tell(conversation)
    run(load(conversation))
    run(list())
  }

  function perform(intent: Intent, before: State): void {
    const { live, head, open } = state()
    switch (intent.type) {
      case 'stop':
        if (live?.generation) run(link().stop(live.generation))
        else if (before.live) cancel(before)
        break
      case 'apply':
        if (live?.generation) run(link().update(live.generation, changeOf(state(), intent.mode)))
        break
      case 'retry':
        run(asker.retry())
        break
      case 'version':
        if (open && head) run(api.patch(open, { head }))
        break
      case 'open':
        if (before.connection === 'connected') watcher.leave()
        else watcher.cancel()
        if (intent.id !== undefined) run(load(intent.id))
        break
      case 'delete':
        if (before.open === intent.id) {
          watcher.leave()
          address(undefined)
        }
        break
      case 'choose':
        if (intent.choices.transport !== undefined) watcher.watch()
        break
      case 'copy':
        run(copy(intent.turn, intent.text))
        break
      default:
    }
  }

  /** Give up a start. The server may have taken it all the same: then that is shown. */
  function cancel({ open, connection }: State): void {
    watcher.cancel()
    if (connection !== 'connected') return
    run(list())
    if (open !== undefined) run(load(open))
  }

  async function copy(turn: string, text: string): Promise<void> {
    try {
      await copyText(text)
    } catch (error) {
      const notice = { ...noticeOf(error), code: 'copy_refused' }
      return dispatch({ type: 'notice', notice })
    }
    dispatch({ type: 'copied', turn })
    const over = (): unknown =>
      state().copied === turn && dispatch({ type: 'copied', turn: undefined })
    setTimeout(over, COPIED_MS)
  }

  function act(intent: Intent): void {
    const before = state()
    dispatch(intent)
    asker.question(intent)
    perform(intent, before)
    librarian.act(intent, before)
  }

  return {
    act,
    async begin(conversation, unsaid) {
      if (conversation !== undefined) dispatch({ type: 'open', id: conversation })
      if (unsaid) asker.recall(unsaid)
      const opening = conversation === undefined ? undefined : load(conversation)
      // The one request that a question waits for; a browser's few connections are free for it.
      run(models().then(() => list()))
      await opening
    },
    refresh(changed) {
      if (changed === undefined && Date.now() - state().listedAt < FRESH_MS) return
      // What does not come now comes when somebody looks again.
      refresh(changed).catch(() => undefined)
    },
    leave: librarian.leave,
  }
}

function changeOf(state: State, mode: 'continue' | 'restart') {
  const model = chosen(state)
  const params = changeTo(settingsOf(state).params)
  return { params, mode, ...(model !== undefined && { model }) }
}
