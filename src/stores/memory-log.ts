import { type Fact, isLast, type Line, type Started, toLines } from '../core/event.ts'
import type { Claim, Log, Title } from '../core/log.ts'
import { NOBODY } from '../core/owned.ts'
import { createPulse, type Pulse } from '../core/pulse.ts'
import { tickEnd } from '../tick.ts'
import { inTurn, take } from './lines.ts'
import { refusals } from './refusals.ts'

/** One log. */
export interface Entry {
  owner: string
  readonly conversation: string | null
  readonly claim: Claim | undefined
  readonly pulse: Pulse
  readonly lines: Line[]
  /** Of its text. */
  bytes: number
  /** Ms since the epoch. */
  written: number
  ended: boolean
}

export interface MemoryShelf {
  readonly log: Log
  readonly entries: ReadonlyMap<string, Entry>
  /** Of all logs together. */
  bytes(): number
  /** Drop a log and its claim; its readers wake and find it gone. */
  forget(generation: string): void
  close(): void
}

interface MemoryLogOptions {
  readonly now: () => number
  readonly maxBytes: number
  /** Forget what may be forgotten; called when `maxBytes` is passed. */
  readonly makeRoom: () => void
}

/** The Log half of the memory store. */
export function createMemoryLog(options: MemoryLogOptions): MemoryShelf {
  const { now, maxBytes, makeRoom } = options
  const entries = new Map<string, Entry>()
  const claims = new Map<string, { generation: string; digest: string }>()
  let total = 0
  let closed = false

  /** What was handed over before it was closed is kept. */
  async function handOver(): Promise<void> {
    if (closed) throw refusals.closed()
    await tickEnd()
  }

  /** Endings always fit: a full store could otherwise never end an answer. */
  function admit(facts: readonly Fact[]): void {
    if (total > maxBytes) makeRoom()
    if (total > maxBytes && !facts.some(isLast)) throw refusals.overloaded()
  }

  function put(generation: string, entry: Entry, facts: readonly Fact[]): void {
    const end = facts.findIndex(isLast)
    const kept = end === -1 ? facts : facts.slice(0, end + 1)
    let bytes = 0
    for (const line of toLines(generation, entry.lines.length, kept)) {
      entry.lines.push(line)
      bytes += Buffer.byteLength(line.json)
    }
    entry.bytes += bytes
    total += bytes
    entry.ended = end !== -1
    entry.written = now()
    entry.pulse.fire()
  }

  function forget(generation: string): void {
    const entry = entries.get(generation)
    if (entry === undefined) return
    entries.delete(generation)
    if (entry.claim !== undefined) claims.delete(entry.claim.key)
    total -= entry.bytes
    entry.ended = true
    entry.pulse.fire()
  }

  async function create(generation: string, started: Started, title: Title = {}): Promise<void> {
    const { owner = NOBODY, claim } = title
    await handOver()
    admit([started])
    if (entries.has(generation) || (claim !== undefined && claims.has(claim.key))) {
      throw refusals.taken()
    }
    const entry: Entry = {
      owner,
      conversation: started.conversation,
      claim,
      pulse: createPulse(),
      lines: [],
      bytes: 0,
      written: 0,
      ended: false,
    }
    entries.set(generation, entry)
    if (claim !== undefined) claims.set(claim.key, { generation, digest: claim.digest })
    put(generation, entry, [started])
  }

  async function append(generation: string, facts: readonly Fact[]): Promise<boolean> {
    await handOver()
    const entry = entries.get(generation)
    if (entry === undefined || entry.ended) return false
    admit(facts)
    put(generation, entry, facts)
    return true
  }

  const log: Log = {
    create,
    append,
    async read(generation, after) {
      const entry = entries.get(generation)
      return entry && inTurn(take(entry.lines, after), entry.lines.length)
    },
    async head(generation) {
      const entry = entries.get(generation)
      return entry && { owner: entry.owner, seq: entry.lines.length, ended: entry.ended }
    },
    watch: (generation, signal) => (entries.get(generation)?.pulse ?? createPulse()).join(signal),
    claimed: async key => claims.get(key),
    open: async () => [...entries].filter(([, entry]) => !entry.ended).map(([id]) => id),
  }

  return { log, entries, bytes: () => total, forget, close: () => void (closed = true) }
}
