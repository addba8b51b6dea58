/** What the page does: intents become requests, and what the server says becomes news. */
import type { Api } from './api.ts'
import { createAsker } from './asking.ts'
import { chosen } from './chat.ts'
import { copyText } from './clipboard.ts'
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
}

export interface Session {
  act(intent: Intent): void
  /**
   * Fetch what the page begins with, and open the conversation that its address names. A question
   * that was on its way when the page was left is asked again.
   */
  begin(conversation: string | undefined, unsaid?: Unsaid): Promise<void>
}

export function createSession({ api, links, state, dispatch, address }: Parts): Session {
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

  async function list(after?: string): Promise<void> {
    const { conversations, next } = await api.conversations(after)
    dispatch({ type: 'listed', conversations, next, after })
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
      if (gone) dispatch({ type: 'gone', id })
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
      case 'retitle':
        if (before.renaming) run(retitle(before.renaming))
        break
      case 'delete':
        run(remove(intent.id, before))
        break
      case 'more':
        run(list(before.more))
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

  async function retitle({ id, text }: { id: string; text: string }): Promise<void> {
    const title = text.trim()
    if (title !== '') await api.patch(id, { title })
  }

  async function remove(id: string, before: State): Promise<void> {
    if (before.open === id) {
      watcher.leave()
      address(undefined)
    }
    await api.remove(id)
    await list()
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

  return {
    act(intent) {
      const before = state()
      dispatch(intent)
      asker.question(intent)
      perform(intent, before)
    },
    async begin(conversation, unsaid) {
      if (conversation !== undefined) dispatch({ type: 'open', id: conversation })
      if (unsaid) asker.recall(unsaid)
      const opening = conversation === undefined ? undefined : load(conversation)
      run(api.models().then(({ models }) => dispatch({ type: 'models', models })))
      run(list())
      await opening
    },
  }
}

function changeOf(state: State, mode: 'continue' | 'restart') {
  const model = chosen(state)
  const params = changeTo(settingsOf(state).params)
  return { params, mode, ...(model !== undefined && { model }) }
}
