/** The pump: one provider's answer → its log, ending in exactly one last event. */
import { type Answer, createAnswer } from './answer.ts'
import type { Message, Prompt } from './chunk.ts'
import type { Clock } from './clock.ts'
import { type Settlement, assemble, weigh } from './conversation.ts'
import { ChatError, asChatError } from './errors.ts'
import type { Ending, Fact } from './event.ts'
import { brokenOff, cramped, failed, lost, silence } from './failures.ts'
import { insist } from './insist.ts'
import type { Log } from './log.ts'
import { type Change, type Leg, createUpdates, tooLate } from './updates.ts'
import { createWatchdog } from './watchdog.ts'

/** A live generation. */
export interface Running {
  /** The settings that the next update is laid over, pending ones included. */
  leg(): Leg
  /**
   * End it; resolves when the upstream socket is closed and the terminal event is kept. Rejects
   * `overloaded` where the store does not take that now; it is tried again until it does.
   */
  stop(by: 'client' | 'abandoned'): Promise<Ending>
  /** End it as `interrupted`: the server goes down. Otherwise as `stop`. */
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
  readonly limits: { firstByteMs: number; idleMs: number; outputBytes: number; logBytes: number }
  /** Written in the same tick as the terminal event, so that both are kept or neither. */
  readonly settle: (settlement: Settlement) => Promise<void>
  /** Whether there is memory for an answer that is so long by now. */
  readonly fits: (bytes: number) => boolean
  /** The first piece of the answer or of the reasoning is kept. */
  readonly first: () => void
  /** A later one is, so many ms after the one before it. */
  readonly gap: (ms: number) => void
  /** The server goes down: what cannot be kept now is left to the next start. */
  readonly closing: AbortSignal
  /** The store does not take the terminal event: readers would wait for nobody knows how long. */
  readonly lost: (error: ChatError) => void
  /** What went wrong, for the server's log: of a provider, of the store, or unforeseen. */
  readonly fault: (error: ChatError, model: string) => void
}

/** After it said why it ended, a provider has so long for its usage and for closing the stream. */
const AFTERWORD_MS = 2000

/** Begins at once. The log must already hold `started`. */
export function startGeneration(parts: PumpParts): Running {
  const { id, log, clock, limits } = parts
  const answer = createAnswer()
  const updates = createUpdates()
  const told = Promise.withResolvers<Ending>()
  let leg = parts.leg
  let cut = new AbortController()
  // When the latest piece was kept.
  let spoke: number | undefined
  // Invariant: set at most once, while the answer is open; `closed` when the ending is decided.
  let verdict: Ending | undefined
  let closed = false

  function judge(ending: Ending): void {
    if (closed) return
    verdict ??= ending
    cut.abort()
  }

  /** What the provider is asked; the answer's books are opened for it. */
  function ask(): Prompt {
    const { model, params } = leg
    const said = weigh(answer.text()).tokens
    const messages = assemble(parts.context, params, { contextWindow: model.contextWindow, said })
    answer.begin(messages.reduce((sum, { content }) => sum + weigh(content).tokens, said))
    const prefix = answer.text()
    return { messages, params, ...(prefix !== '' && { prefix }) }
  }

  async function speak(): Promise<Ending | undefined> {
    const watchdog = createWatchdog(
      { firstMs: limits.firstByteMs, idleMs: limits.idleMs, clock },
      kind => judge(failed(silence(kind))),
    )
    try {
      for await (const batch of leg.model.provider.stream(ask(), cut.signal)) {
        watchdog.feed()
        const said = answer.hear(batch)
        if (said.length > 0) {
          await append(said)
          answer.say(said)
          tell()
          if (!parts.fits(answer.logged())) throw cramped()
        }
        if (answer.finish() !== undefined) watchdog.hurry(AFTERWORD_MS)
        if (isFull()) return { type: 'done', reason: 'length' }
      }
    } finally {
      watchdog.stop()
    }
    const reason = answer.finish()
    if (reason !== undefined) return { type: 'done', reason }
    return cut.signal.aborted ? undefined : failed(brokenOff())
  }

  const isFull = (): boolean =>
    answer.bytes() > limits.outputBytes || answer.logged() > limits.logBytes

  function append(facts: Parameters<Log['append']>[1]): Promise<void> {
    return log.append(id, facts).then(taken, lose)
  }
  function taken(kept: boolean): void {
    if (!kept) lose(new ChatError('not_found', 'This answer was deleted.'))
  }
  /** A log that cannot be written any more is the end, whatever else was asked for. */
  function lose(error: unknown): never {
    judge(failed(asChatError(error)))
    throw error
  }

  function tell(): void {
    const now = clock.now()
    if (spoke === undefined) parts.first()
    else parts.gap(now - spoke)
    spoke = now
  }

  /** The provider's own word on how it ended; undefined where it was cut. */
  async function listen(): Promise<Ending | undefined> {
    try {
      return await speak()
    } catch (thrown) {
      const error = asChatError(thrown)
      parts.fault(error, leg.model.id)
      return failed(error)
    }
  }

  function apply({ leg: next, mode }: Change): void {
    leg = next
    answer.change({ model: next.model.id, params: next.params, mode })
  }

  async function run(): Promise<Ending> {
    for (;;) {
      const heard = await listen()
      // A provider that had finished wins against a stop or an update that came too late to matter.
      if (heard?.type === 'done') return heard
      if (verdict === undefined && !updates.pending()) return heard ?? failed(lost())
      if (verdict === undefined) await updates.take(fact => append([fact]), apply)
      if (verdict !== undefined) return verdict
      if (isFull()) return { type: 'done', reason: 'length' }
      cut = new AbortController()
      // Asked for in the turn in which the last one was taken.
      if (updates.pending()) cut.abort()
    }
  }

  async function conclude(ending: Ending): Promise<Ending> {
    closed = true
    updates.refuse()
    const settlement = settled(answer, leg, ending)
    const { usage } = settlement
    const last: Fact[] = [...(usage ? [{ type: 'usage' as const, ...usage }] : []), ending]
    let tries = 0
    await insist(() => Promise.all([log.append(id, last), parts.settle(settlement)]), {
      clock,
      closing: parts.closing,
      refused(error) {
        const refusal = asChatError(error)
        parts.fault(refusal, leg.model.id)
        told.reject(error)
        // Who comes back reads what is kept, and may wait for the end.
        if (tries++ === 0) parts.lost(refusal)
      },
    })
    told.resolve(ending)
    return ending
  }

  // Nobody may be waiting for it.
  told.promise.catch(() => undefined)
  const ended = run().then(conclude)
  return {
    leg: () => updates.leg() ?? leg,
    stop(by) {
      judge({ type: 'done', reason: 'stopped', by })
      return told.promise
    },
    interrupt() {
      judge(failed(new ChatError('interrupted', 'The server was shut down. Please retry.')))
      return told.promise
    },
    update(change) {
      if (closed || verdict !== undefined) return Promise.reject(tooLate())
      const kept = updates.push(change)
      cut.abort()
      return kept
    },
    ended,
  }
}

function settled(answer: Answer, { model, params }: Leg, end: Ending): Settlement {
  const usage = answer.usage()
  const changes = answer.changes()
  return {
    content: answer.text(),
    reasoning: answer.reasoning(),
    model: model.id,
    params,
    ...(usage && { usage }),
    ...(changes.length > 0 && { changes }),
    end,
  }
}
