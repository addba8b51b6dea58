/** The pump: one provider's answer → its log, ending in exactly one last event. */
import { type Answer, createAnswer } from './answer.ts'
import type { Message, Model, Params } from './chunk.ts'
import type { Clock } from './clock.ts'
import { type Settlement, assemble, weigh } from './conversation.ts'
import { ChatError, asChatError } from './errors.ts'
import type { Done, Ending, Failed, Updated, UpdateMode } from './event.ts'
import type { Log } from './log.ts'
import { createWatchdog } from './watchdog.ts'

/** The settings that produce the text, until an update. */
export interface Leg {
  readonly model: Model
  readonly params: Params
}

export interface Change {
  readonly leg: Leg
  readonly mode: UpdateMode
}

/** A live generation. */
export interface Running {
  /** The settings that the next update is laid over, pending ones included. */
  readonly leg: Leg
  /** End it; resolves when the upstream socket is closed and the terminal event is kept. */
  stop(by: 'client' | 'abandoned'): Promise<Ending>
  /** End it as `interrupted`: the server goes down. */
  interrupt(): Promise<Ending>
  /** Go on with other settings; resolves once `updated` is kept, rejects `conflict` after the end. */
  update(change: Change): Promise<void>
  /** Resolves with the terminal event once it is kept; never rejects. */
  readonly ended: Promise<Ending>
}

export interface PumpParts {
  readonly id: string
  readonly log: Log
  readonly clock: Clock
  readonly context: readonly Message[]
  readonly leg: Leg
  readonly limits: { firstByteMs: number; idleMs: number; outputBytes: number }
  /** Written in the same tick as the terminal event, so that both are kept or neither. */
  readonly settle: (settlement: Settlement) => Promise<void>
  /** The first piece of the answer or of the reasoning is kept. */
  readonly first: () => void
  /** Something unforeseen was thrown; the client sees only `internal`. */
  readonly fault: (error: ChatError) => void
}

/** How long a store that takes nothing is left alone before the terminal event is tried again. */
const STORE_RETRY_MS = 1000

/** After it said why it ended, a provider has so long for its usage and for closing the stream. */
const AFTERWORD_MS = 2000

interface PendingUpdate {
  readonly change: Change
  readonly kept: PromiseWithResolvers<void>
}

/** Begins at once. The log must already hold `started`. */
export function startGeneration(parts: PumpParts): Running {
  const { id, log, clock, limits } = parts
  const answer = createAnswer()
  const updates: PendingUpdate[] = []
  let leg = parts.leg
  let cut = new AbortController()
  let spoke = false
  // Invariant: set at most once, while the answer is open; `closed` when the ending is decided.
  let verdict: Ending | undefined
  let closed = false

  function judge(ending: Ending): void {
    if (closed) return
    verdict ??= ending
    cut.abort()
  }

  async function speak(): Promise<Ending | undefined> {
    const messages = assemble(parts.context, leg.params, leg.model.contextWindow)
    answer.begin(messages.reduce((sum, message) => sum + weigh(message.content).tokens, 0))
    const watchdog = createWatchdog(
      { firstMs: limits.firstByteMs, idleMs: limits.idleMs, clock },
      kind => judge(failed(silence(kind))),
    )
    const prompt = { messages, params: leg.params, ...(answer.text && { prefix: answer.text }) }
    try {
      for await (const batch of leg.model.provider.stream(prompt, cut.signal)) {
        watchdog.feed()
        await keep(answer.take(batch))
        if (answer.finish !== undefined) watchdog.hurry(AFTERWORD_MS)
        if (answer.bytes > limits.outputBytes) return { type: 'done', reason: 'length' }
      }
    } finally {
      watchdog.stop()
    }
    if (answer.finish !== undefined) return { type: 'done', reason: answer.finish }
    if (cut.signal.aborted) return undefined
    return failed(
      new ChatError('provider_broken', 'The model broke off in the middle. Please retry.'),
    )
  }

  async function keep(said: ReturnType<Answer['take']>): Promise<void> {
    if (said.length === 0) return
    await log.append(id, said)
    if (!spoke) parts.first()
    spoke = true
  }

  /** The provider's own word on how it ended; undefined where it was cut. */
  async function listen(): Promise<Ending | undefined> {
    try {
      return await speak()
    } catch (thrown) {
      const error = asChatError(thrown)
      if (error.code === 'internal') parts.fault(error)
      return failed(error)
    }
  }

  /** Each pending update becomes an event, in the order they came. */
  async function renew(): Promise<void> {
    for (let next = updates.shift(); next !== undefined; next = updates.shift()) {
      const { change, kept } = next
      try {
        await log.append(id, [updated(change)])
      } catch (error) {
        kept.reject(error)
        continue
      }
      leg = change.leg
      if (change.mode === 'restart') answer.restart()
      kept.resolve()
    }
  }

  async function run(): Promise<Ending> {
    for (;;) {
      const heard = await listen()
      // A provider that had finished wins against a stop or an update that came too late to matter.
      if (heard?.type === 'done') return heard
      if (verdict !== undefined) return verdict
      if (updates.length === 0) return heard ?? failed(lost())
      cut = new AbortController()
      await renew()
    }
  }

  async function conclude(ending: Ending): Promise<Ending> {
    closed = true
    for (const { kept } of updates.splice(0)) kept.reject(tooLate())
    const { text: content, reasoning } = answer
    const settlement = { content, reasoning, model: leg.model.id, params: leg.params, end: ending }
    for (;;) {
      const kept = await Promise.allSettled([
        log.append(id, [...answer.usage(), ending]),
        parts.settle(settlement),
      ])
      if (kept.every(({ status }) => status === 'fulfilled')) return ending
      await new Promise<void>(resolve => void clock.after(STORE_RETRY_MS, resolve))
    }
  }

  const ended = run().then(conclude)
  return {
    get leg() {
      return updates.at(-1)?.change.leg ?? leg
    },
    stop(by) {
      judge({ type: 'done', reason: 'stopped', by } satisfies Done)
      return ended
    },
    interrupt() {
      judge(failed(new ChatError('interrupted', 'The server was shut down. Please retry.')))
      return ended
    },
    update(change) {
      if (closed || verdict !== undefined) return Promise.reject(tooLate())
      const kept = Promise.withResolvers<void>()
      updates.push({ change, kept })
      cut.abort()
      return kept.promise
    },
    ended,
  }
}

/** The terminal event of an error. */
export function failed({ code, message, retryable, retryAfter }: ChatError): Failed {
  return {
    type: 'failed',
    code,
    message,
    retryable,
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

function updated({ leg, mode }: Change): Updated {
  return { type: 'updated', model: leg.model.id, params: leg.params, mode }
}

const tooLate = (): ChatError =>
  new ChatError('conflict', 'This answer has ended and cannot be updated. Start a new one.')

const lost = (): ChatError => new ChatError('internal', 'The answer was cut without a reason.')

function silence(kind: 'first' | 'idle'): ChatError {
  return kind === 'first'
    ? new ChatError('provider_timeout', 'The model did not begin to answer in time. Please retry.')
    : new ChatError('provider_timeout', 'The model fell silent in the middle. Please retry.')
}
