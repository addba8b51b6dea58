import type { DatabaseSync } from 'node:sqlite'

import type { Line } from '../core/event.ts'
import { READ_BYTES } from '../core/log.ts'

/** A log's row: its key in the other tables, and where it ended; seq 0 while it is open. */
export interface Place {
  readonly log: number
  readonly owner: string
  readonly seq: number
  readonly ended: number
}

/** The statements on logs: journal, pages and generations (sqlite-schema.ts says what they are). */
export function createPages(db: DatabaseSync) {
  const page = db.prepare('INSERT INTO pages (log, first, last, lines) VALUES (?, ?, ?, ?)')
  const journal = db.prepare('INSERT INTO journal (n, lines) VALUES (?, ?)')
  const end = db.prepare(
    'UPDATE generations SET seq = ?, ended = 1, bytes = ?, written = ? WHERE log = ?',
  )
  const touch = db.prepare('UPDATE conversations SET written = ? WHERE id = ?')
  const begin = db.prepare(
    `INSERT INTO generations (log, id, owner, conversation, claim, digest, written)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const find = db.prepare('SELECT log, owner, seq, ended FROM generations WHERE id = ?')
  const claimed = db.prepare('SELECT id AS generation, digest FROM generations WHERE claim = ?')
  const from = db.prepare(
    `SELECT first, lines FROM pages WHERE log = ?1
     AND first >= (SELECT max(first) FROM pages WHERE log = ?1 AND first <= ?2) ORDER BY first`,
  )

  return {
    /** Write lines as pages of about one read each; returns the bytes they take. */
    write(log: number, lines: readonly Line[]): number {
      let bytes = 0
      for (const { first, last, text } of split(lines)) {
        page.run(log, first, last, text)
        bytes += Buffer.byteLength(text)
      }
      return bytes
    },
    journal: (n: number, lines: string) => void journal.run(n, lines),
    /** False if the id or the claim is taken. */
    begin(row: Beginning): boolean {
      const claim = row.claim === undefined ? null : JSON.stringify(row.claim.key)
      const digest = row.claim?.digest ?? null
      const { log, id, owner, conversation, written } = row
      return begin.run(log, id, owner, conversation, claim, digest, written).changes === 1
    },
    end(row: { log: number; seq: number; bytes: number; written: number }): void {
      end.run(row.seq, row.bytes, row.written, row.log)
    },
    touch: (conversation: string, written: number) => void touch.run(written, conversation),
    find: (id: string) => find.get(id) as Place | undefined,
    claimed(key: string): { generation: string; digest: string } | undefined {
      const row = claimed.get(JSON.stringify(key))
      return row && { generation: String(row['generation']), digest: String(row['digest']) }
    },
    /** The lines from `seq` on that fit into one read. */
    read({ log, seq: lastSeq, ended }: Place, seq: number): Line[] {
      const lines: Line[] = []
      let bytes = 0
      for (const row of from.iterate(log, seq)) {
        let at = Number(row['first'])
        for (const json of String(row['lines']).split('\n')) {
          if (at >= seq) {
            bytes += json.length
            if (bytes > READ_BYTES && lines.length > 0) return lines
            lines.push({ seq: at, last: ended === 1 && at === lastSeq, json })
          }
          at++
        }
      }
      return lines
    },
  }
}

export type Pages = ReturnType<typeof createPages>

interface Beginning {
  readonly log: number
  readonly id: string
  readonly owner: string
  readonly conversation: string | null
  readonly claim: { readonly key: string; readonly digest: string } | undefined
  readonly written: number
}

/** Runs of lines of at most READ_BYTES, or of one line. JSON has no line break in it. */
function* split(lines: readonly Line[]): Generator<{ first: number; last: number; text: string }> {
  let texts: string[] = []
  let bytes = 0
  for (const { seq, json } of lines) {
    if (texts.length > 0 && bytes + json.length > READ_BYTES) {
      yield { first: seq - texts.length, last: seq - 1, text: texts.join('\n') }
      texts = []
      bytes = 0
    }
    texts.push(json)
    bytes += json.length
  }
  const last = lines.at(-1)?.seq ?? 0
  if (texts.length > 0) yield { first: last - texts.length + 1, last, text: texts.join('\n') }
}
