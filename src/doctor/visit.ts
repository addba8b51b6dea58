/** The server from outside, through whatever stands in between. */
export interface Visit {
  /** Ends in a slash; the server may live below a path. */
  readonly base: URL
  readonly key: string | undefined
  /** Of the answers that are asked for; the embedded one paces itself, so that its pace is known. */
  readonly model: string
}

/** A failure that the person at the terminal can do something about. */
export class Unreachable extends Error {}

const ask = (visit: Visit, message: string): object => ({
  model: visit.model,
  messages: [{ role: 'user', content: message }],
})

const headersOf = ({ key }: Visit): Record<string, string> =>
  key === undefined ? {} : { authorization: `Bearer ${key}` }

/** What a WebSocket of a browser, which sets no header, offers to be let in. */
export const protocolsOf = (key: string | undefined): string[] =>
  key === undefined ? ['chatai.v1'] : ['chatai.v1', `bearer.${encodeURIComponent(key)}`]

/** One request; throws Unreachable with a sentence where there is no connection. */
export async function request(
  visit: Visit,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = { ...headersOf(visit), ...(init.headers as Record<string, string> | undefined) }
  try {
    return await fetch(new URL(path, visit.base), { ...init, headers })
  } catch (error) {
    const { cause } = error as { cause?: { code?: string; message?: string } }
    const reason = cause?.code ?? cause?.message ?? String(error)
    throw new Unreachable(`${visit.base.host} could not be reached (${reason}).`, { cause: error })
  }
}

/** Starts an answer over SSE; throws Unreachable with the server's own words where it refuses. */
export async function start(visit: Visit, message: string, signal: AbortSignal): Promise<Response> {
  const response = await request(visit, 'api/ai/chat/sse', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ask(visit, message)),
    signal,
  })
  if (response.ok) return response
  throw new Unreachable(
    `The server refused an answer with ${response.status}. ${await said(response)}`,
  )
}

/** The message of an error of ours; where it is none, that something else answered. */
async function said(response: Response): Promise<string> {
  const text = await response.text()
  const ours = /"message":"([^"]+)"/.exec(text)?.[1]
  return ours ?? 'The reply is not one of ChatAI: something in between gave it.'
}

/** One read of a body: when it came, in ms since the request, and the events in it. */
export interface Arrival {
  readonly atMs: number
  /** Whose events they are; empty where there are none. */
  readonly generation: string
  readonly seqs: readonly number[]
}

/** Everything that comes, as it comes. */
export async function* arrivals(response: Response, since: number): AsyncGenerator<Arrival> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of response.body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    const ids = lines.flatMap(idOf)
    yield {
      atMs: performance.now() - since,
      generation: ids[0]?.generation ?? '',
      seqs: ids.map(({ seq }) => seq),
    }
  }
}

/** The id of an event, where the line holds one. */
function idOf(line: string): { generation: string; seq: number }[] {
  const [, generation, seq] = /^id: ?([^:]+):(\d+)/.exec(line) ?? []
  return generation === undefined ? [] : [{ generation, seq: Number(seq) }]
}
