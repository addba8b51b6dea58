/** Starting an answer: once under a claim, and all of it is kept or nothing. */
import type { Catalogue } from './chunk.ts'
import { choose } from './choose.ts'
import { ChatError, asChatError } from './errors.ts'
import type { Started } from './event.ts'
import { failed } from './failures.ts'
import type { Live, LiveParts } from './live.ts'
import type { Claim, Log } from './log.ts'
import { type NewId, type Start, check, open } from './opening.ts'
import type { Caller, Owned } from './owned.ts'

export interface StartsParts extends Pick<LiveParts, 'store' | 'clock' | 'limits'> {
  readonly catalogue: Catalogue
  readonly newId: NewId
  readonly live: Live
  /** Starts under a claim that are not decided yet, of all callers. */
  readonly claiming: Map<string, Promise<string>>
  readonly caller: Caller
  readonly own: Owned
}

/** The start of one caller: resolves with the id of the generation, as `Chat.start` has it. */
export function createStarts(parts: StartsParts): (start: Start) => Promise<string> {
  const { store, catalogue, clock, newId, live, claiming, caller, own } = parts
  const { log } = store

  async function begin(start: Start, claim?: Claim): Promise<string> {
    check(start)
    const model = choose(catalogue, start.model)
    // Before it is said to be busy: whether there is a conversation at all is its owner's to know.
    if (start.conversation !== undefined) await own.conversation(start.conversation)
    const { quota } = caller
    const most = parts.limits.turns
    return live.admit({ conversation: start.conversation, quota }, async () => {
      const { context, conversation, write } = await open(start, { store, own, newId, most })
      const id = newId('gen')
      const { params = {}, onDisconnect = 'continue' } = start
      const at = clock.date()
      const started: Started = { type: 'started', conversation, model: model.id, params, at }
      // One tick, so that the question, its turn and the log are kept together or not at all.
      const kept = await Promise.allSettled([
        log.create(id, started, { owner: caller.owner, ...(claim && { claim }) }),
        ...write({ generation: id, at }),
      ])
      const refused = kept.find(result => result.status === 'rejected')
      if (refused !== undefined) return abandon(id, refused.reason)
      live.launch({ id, started, leg: { model, params }, context, onDisconnect, quota })
      return id
    })
  }

  /** A start whose turns the store refused (the conversation has just expired) leaves no open log. */
  async function abandon(id: string, reason: unknown): Promise<never> {
    // Where the store takes nothing at all there is no log to close, and the reason says so.
    await log.append(id, [failed(asChatError(reason))]).catch(() => false)
    throw reason
  }

  return start => {
    if (start.claim === undefined) return begin(start)
    const claim = own.claim(start.claim)
    // Two starts with one key at once: the second waits for what becomes of the first.
    const earlier = claiming.get(claim.key)
    const turn = (earlier ?? Promise.resolve())
      .catch(() => undefined)
      .then(async () => (await reclaim(log, claim)) ?? begin(start, claim))
    claiming.set(claim.key, turn)
    return turn.finally(() => {
      if (claiming.get(claim.key) === turn) claiming.delete(claim.key)
    })
  }
}

/** The generation that was started under this claim before, if any; `conflict` if for other words. */
async function reclaim(log: Log, claim: Claim): Promise<string | undefined> {
  const earlier = await log.claimed(claim.key)
  if (earlier !== undefined && earlier.digest !== claim.digest) {
    throw new ChatError(
      'conflict',
      'This idempotency key was used for another request. Use a new key.',
    )
  }
  return earlier?.generation
}
