import type { ConversationPage, ConversationWithTurns, ModelList } from '../src/transports/views.ts'
import { defaultPace, insist } from './link/backoff.ts'
import { type Address, request } from './link/request.ts'

/** The JSON routes beside the link: what is read is asked for until it is there, see `insist`. */
export interface Api {
  models(): Promise<ModelList>
  /** One page, newest first; `after` is the page before's `next`. */
  conversations(after: string | undefined): Promise<ConversationPage>
  conversation(id: string): Promise<ConversationWithTurns>
  patch(id: string, change: { title?: string; head?: string }): Promise<void>
  remove(id: string): Promise<void>
}

export function createApi(address: Address, signal: AbortSignal): Api {
  const get = <T>(path: string): Promise<T> =>
    insist({ pace: defaultPace, signal }, async limit => {
      const response = await request(address, path, { signal: limit })
      return (await response.json()) as T
    })
  const send = async (method: string, id: string, body?: object): Promise<void> => {
    const init = { method, signal, ...(body && { body: JSON.stringify(body) }) }
    await request(address, `chat/conversations/${id}`, init)
  }
  return {
    models: () => get('models'),
    conversations: after =>
      get(`chat/conversations?limit=30${after ? `&after=${encodeURIComponent(after)}` : ''}`),
    conversation: id => get(`chat/conversations/${id}`),
    patch: (id, change) => send('PATCH', id, change),
    remove: id => send('DELETE', id),
  }
}
