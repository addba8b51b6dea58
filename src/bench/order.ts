/** What a question of the bench asks of the upstream; it travels as the text of the question. */
export interface Order {
  /** By which the upstream tells what became of it. */
  readonly id: number
  /** Chunks a second; 0 does not pause between them. */
  readonly rate: number
  readonly chunks: number
  /** Characters of each beside its token. */
  readonly padding?: number
}

export const toQuestion = ({ id, rate, chunks, padding = 0 }: Order): string =>
  `bench ${id} ${rate} ${chunks} ${padding}`

/** The order in a request's body, in whatever shape the servers between wrap it. */
export function findOrder(body: string): Order | undefined {
  const [, id, rate, chunks, padding] = /bench (\d+) ([\d.]+) (\d+) (\d+)/.exec(body) ?? []
  if (padding === undefined) return undefined
  return { id: Number(id), rate: Number(rate), chunks: Number(chunks), padding: Number(padding) }
}

/** What the upstream tells when the socket of an answer closes before its end. */
export interface Closed {
  readonly id: number
  /** Tokens written. */
  readonly sent: number
  /** On the common clock. */
  readonly at: number
}
