/** Questions on their way to the server, and those that come back. */
import type { Api } from './api.ts'
import { busy, chosen } from './chat.ts'
import { canAsk } from './fields.ts'
import { newKey } from './link/cursor.ts'
import type { StartBody } from './link/link.ts'
import type { Unsaid } from './memory.ts'
import { noticeOf } from './notice.ts'
import { type Terms, sameAgain, wantsNewPlace, wordsOf } from './retry.ts'
import { settingsOf } from './settings.ts'
import type { Action, Intent, State } from './state.ts'

export interface AskerParts {
  readonly api: Api
  readonly state: () => State
  readonly dispatch: (action: Action) => void
  /** Start an answer and follow it. */
  readonly start: (body: StartBody) => void
  /** Show a new conversation. */
  readonly openNew: () => void
}

export interface Asker {
  /** Ask, if this intent is a question and none is being answered. */
  question(intent: Intent): void
  /** Ask again what was refused; in a new conversation where the old one is gone. */
  retry(): Promise<void>
  /** Asked before the page was loaded: go on with it, or say once more why it was refused. */
  recall(unsaid: Unsaid): void
}

export function createAsker({ api, state, dispatch, start, openNew }: AskerParts): Asker {
  function ask(body: StartBody, parent: string | null): void {
    const { open } = state()
    const place = open === undefined ? {} : { conversation: open }
    send({ ...body, ...place, ...termsOf(state()), idempotencyKey: newKey() }, parent)
  }

  function send(body: StartBody, parent: string | null): void {
    dispatch({ type: 'asked', body, parent, at: performance.now() })
    start(body)
  }

  async function isGone(id: string): Promise<boolean> {
    // It may also be the model that was not found: then another one answers.
    dispatch({ type: 'models', ...(await api.models()) })
    return api.conversation(id).then(
      () => false,
      error => noticeOf(error).code === 'not_found',
    )
  }

  return {
    question(intent) {
      const { head, turns, editing, draft } = state()
      if (busy(state())) return
      const parentOf = (id: string): string | null =>
        turns.find(turn => turn.id === id)?.parent ?? null
      if (intent.type === 'send' && canAsk(draft)) ask({ message: draft.trim() }, head)
      if (intent.type === 'resend' && editing && canAsk(editing.text))
        ask({ edit: editing.id, message: editing.text.trim() }, parentOf(editing.id))
      if (intent.type === 'regenerate') ask({ regenerate: intent.turn }, parentOf(intent.turn))
    },
    async retry() {
      const { live, open } = state()
      if (!live?.asked || live.generation !== undefined || !live.end) return
      const { asked } = live
      if (wantsNewPlace(live) && open !== undefined && (await isGone(open))) {
        const message = wordsOf(asked, state())
        openNew()
        return ask({ message }, null)
      }
      if (state().live === live) send(sameAgain(asked, termsOf(state()), newKey), asked.parent)
    },
    recall({ body, parent, notice }) {
      const { open, draft } = state()
      if (body.conversation !== open) {
        const text = [body.message, draft].filter(Boolean).join('\n\n')
        return dispatch({ type: 'draft', text })
      }
      dispatch({ type: 'asked', body, parent })
      // Loading the page again is how a key is entered.
      if (notice && notice.code !== 'unauthorized') dispatch({ type: 'lost', notice })
      else start(body)
    },
  }
}

/** What a question asked now is asked with. */
function termsOf(state: State): Terms {
  const model = chosen(state)
  const { params } = settingsOf(state)
  return {
    ...(model !== undefined && { model }),
    ...(Object.keys(params).length > 0 && { params }),
  }
}
