import { type Fact, isLast, type Line, toLines } from '../core/event.ts'
import type { Claim } from '../core/log.ts'
import { refusals } from './refusals.ts'
import type { Committer } from './sqlite-commit.ts'
import type { Journal } from './sqlite-journal.ts'
import { grow, type Live, pageBytes, settle, tailBytes, trim, unpaged } from './sqlite-live.ts'
import type { Pages } from './sqlite-pages.ts'

/** What one call handed over. */
interface Part {
  readonly facts: readonly Fact[]
  /** Whether the log took it; decided when it is numbered. */
  kept: boolean
  readonly resolve: (kept: boolean) => void
  readonly reject: (error: Error) => void
}

/** All that one generation handed over in one tick. */
interface Entry {
  readonly live: Live
  readonly claim: Claim | undefined
  readonly parts: Part[]
  lines: readonly Line[]
  refused: boolean
  /** Bytes of its new pages; undefined when its lines are in the journal. */
  paged: number | undefined
}

interface LedgerOptions {
  readonly committer: Committer
  readonly pages: Pages
  readonly journal: Journal
  readonly lives: Map<string, Live>
  readonly now: () => number
  /** So many bytes of text were kept. */
  readonly wrote: (bytes: number) => void
  /** A generation has ended and left memory. */
  readonly left: () => void
}

/** A page of 60 KiB takes 85 µs: what all of them may take in one transaction, or 0.4 ms. */
const GATHERED_AT_ONCE = 256 * 1024

/** A generation with so many pages waiting does not wait for its turn. */
const OVERFULL = 4

/** Hand facts over; the first ones of a generation create its log. Settles as Log.append does. */
export type Enter = (live: Live, facts: readonly Fact[], claim?: Claim) => Promise<boolean>

/**
 * Numbers what all generations hand over in one tick and writes it as one journal row. Numbers are
 * given inside the transaction and taken over after it, so that a failed one leaves no hole.
 */
export function createLedger(options: LedgerOptions): Enter {
  const { committer, pages, journal, lives, now, wrote, left } = options
  /** Handed over and not yet committed. */
  let pending = new Map<Live, Entry>()
  /** The journal row of this transaction. */
  let row = ''
  /** Bytes that this transaction has gathered into pages. */
  let gathering = 0
  /** Others that get their page in it, and how long that is. */
  let gathered: { live: Live; bytes: number }[] = []

  const isCreation = (live: Live): boolean => live.seq === 0

  function begin({ live, claim }: Entry): boolean {
    const { log, id, owner, conversation } = live
    return pages.begin({ log, id, owner, conversation, claim, written: now() })
  }

  /** Number an entry and write its pages; returns the lines that the journal has to keep. */
  function inscribe(entry: Entry): readonly Line[] {
    const { live } = entry
    entry.refused = isCreation(live) && !begin(entry)
    if (entry.refused) return []
    entry.lines = toLines(live.id, live.seq, accept(entry))
    const ended = entry.lines.at(-1)?.last === true
    const waiting = live.unpagedBytes + entry.lines.reduce((sum, line) => sum + line.json.length, 0)
    if (!ended && !isDue(waiting)) return entry.lines
    entry.paged = pages.write(live.log, [...unpaged(live), ...entry.lines])
    gathering += entry.paged
    if (ended) end(live, live.seq + entry.lines.length, live.pagedBytes + entry.paged)
    return []
  }

  /** Time for a page: soon after it is full, and not for all generations in one transaction. */
  function isDue(waiting: number): boolean {
    const limit = pageBytes(lives.size)
    return waiting >= (gathering < GATHERED_AT_ONCE ? limit : limit * OVERFULL)
  }

  function end({ log, conversation }: Live, seq: number, bytes: number): void {
    const written = now()
    pages.end({ log, seq, bytes, written })
    if (conversation !== null) pages.touch(conversation, written)
  }

  function keep(entry: Entry): void {
    const { live, lines, paged, parts } = entry
    if (entry.refused) return fail(entry, refusals.taken())
    grow(live, lines, journal.next())
    if (paged !== undefined) settle(live, paged)
    trim(live, tailBytes(lives.size))
    for (const part of parts) part.resolve(part.kept)
    if (lines.length > 0) live.pulse.fire()
    if (live.ended) setImmediate(leave, live)
  }

  /** After the readers that waited at the end have read it from memory, in this tick. */
  function leave(live: Live): void {
    if (lives.delete(live.id)) left()
  }

  function fail({ live, parts }: Entry, error: Error): void {
    if (isCreation(live)) lives.delete(live.id)
    for (const part of parts) part.reject(error)
  }

  function take(): Iterable<Entry> {
    const taken = pending
    pending = new Map()
    return taken.values()
  }

  const write = {
    run() {
      const texts: string[] = []
      gathering = 0
      for (const entry of pending.values()) {
        for (const line of inscribe(entry)) texts.push(line.json)
      }
      gathered = journal
        .overdue()
        .filter(live => !pending.has(live) && lives.has(live.id))
        .map(live => ({ live, bytes: pages.write(live.log, unpaged(live)) }))
      row = texts.join('\n')
      if (row !== '') pages.journal(journal.next(), row)
    },
    keep() {
      let bytes = row.length
      for (const entry of take()) {
        keep(entry)
        bytes += entry.paged ?? 0
      }
      for (const { live, bytes } of gathered) settle(live, bytes)
      if (row !== '') journal.kept(row.length)
      wrote(bytes)
    },
    fail(error: Error) {
      for (const entry of take()) fail(entry, error)
    },
  }

  return (live, facts, claim) =>
    new Promise((resolve, reject) => {
      const part: Part = { facts, kept: false, resolve, reject }
      const entry = pending.get(live)
      if (entry !== undefined) {
        entry.parts.push(part)
        return
      }
      pending.set(live, { live, claim, parts: [part], lines: [], refused: false, paged: undefined })
      if (pending.size === 1) committer.push(write)
    })
}

/** The facts of an entry up to a terminal one; marks the parts that were taken. */
function accept({ live, parts }: Entry): readonly Fact[] {
  const [only] = parts
  if (parts.length === 1 && only?.facts.some(isLast) === false && !live.ended) {
    only.kept = true
    return only.facts
  }
  let open = !live.ended
  const accepted: Fact[][] = []
  for (const part of parts) {
    part.kept = open
    if (!open) break
    const end = part.facts.findIndex(isLast)
    accepted.push(end === -1 ? [...part.facts] : part.facts.slice(0, end + 1))
    open = end === -1
  }
  return accepted.flat()
}
