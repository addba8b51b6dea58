/** What a question of the bench asks of the upstream; it travels as the text of the question. */
export interface Order {
  /** By which the upstream tells what became of it. */
  readonly id: number
  /** Chunks a second; 0 does not pause between them. */
  readonly rate: number
  readonly chunks: number
}

export const toQuestion = ({ id, rate, chunks }: Order): string => `bench ${id} ${rate} ${chunks}`

/** The order in a request's body, in whatever shape the servers between wrap it. */
export function findOrder(body: string): Order | undefined {
  const [, id, rate, chunks] = /bench (\d+) ([\d.]+) (\d+)/.exec(body) ?? []
  if (chunks === undefined) return undefined
  return { id: Number(id), rate: Number(rate), chunks: Number(chunks) }
}

/** What the upstream tells when the socket of an answer closes before its end. */
export interface Closed {
  readonly id: number
  /** Tokens written. */
  readonly sent: number
  /** On the common clock. */
  readonly at: number
}
