import type {
  ConversationPage,
  ConversationWithTurns,
  Generation,
  ModelList,
} from '../src/transports/views.ts'
import { defaultPace, insist } from './link/backoff.ts'
import { LinkError } from './link/error.ts'
import { type Address, request } from './link/request.ts'

/** Which conversations; `after` is the `next` of the page before. */
export interface Wanted {
  readonly limit?: number
  readonly after?: string | undefined
  readonly search?: string
}

/** The JSON routes beside the link: what may be asked twice is, until it is there; see `insist`. */
export interface Api {
  models(): Promise<ModelList>
  /** One page, newest first. */
  conversations(wanted: Wanted, signal?: AbortSignal): Promise<ConversationPage>
  conversation(id: string): Promise<ConversationWithTurns>
  generation(id: string): Promise<Generation>
  patch(id: string, change: { title?: string; head?: string }): Promise<void>
  /** Goes on although the page is left. */
  remove(id: string): Promise<void>
  /** The text of a file that was exported. */
  import(file: string): Promise<ConversationWithTurns>
}

/** A page of the list has so many, unless more is asked for. */
export const PAGE = 30

export function createApi(address: Address, closing: AbortSignal): Api {
  const ask = <T>(path: string, init: RequestInit, read: (response: Response) => Promise<T>) =>
    insist(
      { pace: defaultPace, signal: AbortSignal.any([closing, init.signal ?? closing]) },
      async signal => read(await request(address, path, { ...init, signal })),
    )
  const get = <T>(path: string, init: RequestInit = {}): Promise<T> =>
    ask(path, init, async response => (await response.json()) as T)
  const change = (id: string, init: RequestInit): Promise<void> =>
    ask(one(id), init, async response => void (await response.text()))

  return {
    models: () => get('models'),
    conversations: (wanted, signal) =>
      get(`chat/conversations?${queryOf(wanted)}`, signal && { signal }),
    conversation: id => get(one(id)),
    generation: id => get(`chat/generations/${id}`),
    patch: (id, body) => change(id, { method: 'PATCH', body: JSON.stringify(body) }),
    remove: id => change(id, { method: 'DELETE', keepalive: true }),
    async import(body) {
      // Not twice: the first may have come in although its answer did not come out.
      const init = { method: 'POST', body, signal: closing }
      const response = await request(address, 'chat/conversations', init).catch(unreachable)
      return (await response.json()) as ConversationWithTurns
    },
  }
}

const one = (id: string): string => `chat/conversations/${id}`

function queryOf({ limit = PAGE, after, search }: Wanted): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit) })
  if (after !== undefined) query.set('after', after)
  if (search !== undefined) query.set('search', search)
  return query
}

function unreachable(error: unknown): never {
  if (error instanceof LinkError) throw error
  throw new LinkError('unreachable', 'The server did not answer.', { cause: error })
}
