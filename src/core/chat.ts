/** The only door for transports: start, attach, stop, update, and the conversations. */
import type { Catalogue, ParamsChange } from './chunk.ts'
import type { Conversation, Page, Quest, Turn } from './conversation.ts'
import { choose } from './choose.ts'
import { ChatError } from './errors.ts'
import { type Draft, imported } from './imported.ts'
import type { Line, UpdateMode } from './event.ts'
import { type Generation, fold } from './fold.ts'
import { type LiveParts, createLive } from './live.ts'
import { follow } from './log.ts'
import type { NewId, Start } from './opening.ts'
import { type Caller, NOBODY, noGeneration, noTurn, ownedBy } from './owned.ts'
import { type StartsParts, createStarts } from './starts.ts'
import { lay, tooLate } from './updates.ts'

export interface ChatParts extends LiveParts {
  readonly catalogue: Catalogue
  readonly newId: NewId
}

export interface Update {
  readonly model?: string
  readonly params?: ParamsChange
  readonly mode?: UpdateMode
}

export interface Attachment {
  readonly generation: string
  /** The cursor is at the terminal event already: there is nothing to come. */
  readonly ended: boolean
  /** Everything after the cursor, then what comes, until the terminal event or the abort. */
  readonly lines: AsyncIterable<readonly Line[]>
}

/** A conversation with all versions of its turns. */
export type Whole = Conversation & { readonly turns: readonly Turn[] }

/**
 * What one caller may do. All methods throw ChatError; `not_found` for ids that are unknown, gone,
 * or another's.
 */
export interface Chat {
  /** The id of the new generation, or of the one that the same claim started before. */
  start(start: Start): Promise<string>
  /** Read a log after a cursor; `conflict` if that is ahead of the log. The reader leaves by `signal`. */
  attach(generation: string, after: number, signal: AbortSignal): Promise<Attachment>
  /** Resolves once the upstream socket is closed and the terminal event is kept; harmless after. */
  stop(generation: string): Promise<void>
  /** Resolves once `updated` is in the log; `conflict` after the end. */
  update(generation: string, update: Update): Promise<void>
  generation(id: string): Promise<Generation>
  /** Resolves if there is such an answer. */
  seek(generation: string): Promise<void>
  conversations(limit: number, after?: string): Promise<Page>
  /** As `Conversations.search` has it. */
  search(quest: Omit<Quest, 'owner'>): Promise<Page>
  conversation(id: string): Promise<Whole>
  /** Keep a conversation that comes from outside; `invalid_request` names what is wrong with it. */
  import(draft: Draft): Promise<Whole>
  patch(id: string, change: { title?: string; head?: string }): Promise<Conversation>
  remove(id: string): Promise<void>
  models(): Catalogue
}

/** The chat of whoever has no key, and by `as` that of everybody else. */
export interface Chats extends Chat {
  as(caller: Caller): Chat
  /** Live generations. */
  readonly live: number
  readonly draining: boolean
  /** Take no new starts, give live answers `graceMs` to end, then end them as `interrupted`. */
  readonly drain: (graceMs: number) => Promise<void>
}

export function createChat(parts: ChatParts): Chats {
  const live = createLive(parts)
  const claiming = new Map<string, Promise<string>>()
  const as = (caller: Caller): Chat => createDesk({ ...parts, live, claiming, caller })
  return {
    ...as({ owner: NOBODY, quota: undefined }),
    as,
    get live() {
      return live.size
    },
    get draining() {
      return live.draining
    },
    drain: live.drain,
  }
}

function createDesk(parts: ChatParts & Omit<StartsParts, 'own'>): Chat {
  const { store, catalogue, clock, newId, observe, live, caller } = parts
  const { log, conversations } = store
  const own = ownedBy(caller.owner, store)

  async function view(id: string): Promise<Generation> {
    await own.generation(id)
    const generation = await fold(log, id)
    if (generation === undefined) throw noGeneration()
    return generation
  }

  /** When it is over, its conversation is free for the next answer. */
  async function end(id = ''): Promise<void> {
    const running = live.find(id)
    await running?.stop('client')
    await running?.ended
  }

  return {
    start: createStarts({ ...parts, own }),
    async attach(generation, after, signal) {
      const head = await own.generation(generation)
      if (after > head.seq) {
        const message = 'This cursor is ahead of the log. Drop the text and read from the start.'
        throw new ChatError('conflict', message)
      }
      const reading = live.join(generation, signal)
      const ended = head.ended && after === head.seq
      return { generation, ended, lines: follow(log, { generation, after }, reading) }
    },
    async stop(id) {
      await own.generation(id)
      const model = live.find(id)?.leg().model.id
      const asked = clock.now()
      await end(id)
      if (model === undefined) return
      observe({ type: 'stopped', generation: id, model, ms: clock.now() - asked })
    },
    async update(id, { model, params, mode: asked }) {
      await own.generation(id)
      const running = live.find(id)
      if (running === undefined) throw tooLate()
      if ((model ?? params ?? asked) === undefined) {
        throw new ChatError('invalid_request', 'An update needs model, params or mode.')
      }
      const mode = asked ?? 'continue'
      const before = running.leg()
      const leg = {
        model: model === undefined ? before.model : choose(catalogue, model),
        params: lay(params ?? {}, before.params),
      }
      await running.update({ leg, mode })
      observe({ type: 'updated', generation: id, model: leg.model.id, mode })
    },
    generation: view,
    async seek(id) {
      await own.generation(id)
    },
    conversations: (limit, after) => own.list(limit, after),
    search: quest => own.search(quest),
    async conversation(id) {
      return { ...(await own.conversation(id)), turns: await conversations.turns(id) }
    },
    async import(draft) {
      const made = imported(draft, newId, clock.date())
      const conversation = { ...made.conversation, owner: own.owner }
      const { turns } = made
      const { id, updatedAt, head } = conversation
      // One tick: it is kept as a whole or not at all.
      await Promise.all([
        conversations.create(conversation),
        conversations.add(id, turns, updatedAt),
        conversations.patch(id, { head }),
      ])
      return { ...conversation, turns }
    },
    async patch(id, change) {
      await own.conversation(id)
      const { head } = change
      if (head !== undefined && !(await conversations.turns(id)).some(turn => turn.id === head)) {
        throw noTurn()
      }
      await conversations.patch(id, change)
      return own.conversation(id)
    },
    async remove(id) {
      const turns = await own.conversation(id).then(() => conversations.turns(id))
      await Promise.all(turns.map(({ generation }) => end(generation)))
      await live.lock(id, () => conversations.remove(id))
    },
    models: () => catalogue,
  }
}
