import { LinkError } from './error.ts'
import type { Setup } from './types.ts'

/** What a request needs of a link's setup. */
export type Address = Pick<Setup, 'base' | 'key' | 'fetch'>

/**
 * One HTTP request to the server. Rejects with a LinkError if the server refuses, with whatever
 * `fetch` throws if it cannot be reached.
 */
export async function request(
  address: Address,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers)
  if (typeof init.body === 'string') headers.set('content-type', 'application/json')
  if (address.key !== undefined) headers.set('authorization', `Bearer ${address.key}`)
  const response = await address.fetch(new URL(path, address.base), { ...init, headers })
  if (!response.ok) throw await refusal(response)
  return response
}

async function refusal(response: Response): Promise<Error> {
  const text = await response.text()
  const said = parseError(text)
  const { status } = response
  if (said === undefined && status >= 500) return new Error(`HTTP ${status}`)
  const waitFor = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new LinkError(said?.code ?? `http_${status}`, said?.message ?? `HTTP ${status}`, {
    retryAfter: said?.retryAfter ?? (Number.isNaN(waitFor) ? undefined : waitFor),
  })
}

interface Said {
  readonly code: string
  readonly message: string
  readonly retryAfter?: number
}

/** The error of a JSON answer; undefined if something else than our server answered. */
function parseError(text: string): Said | undefined {
  if (!text.startsWith('{"error":')) return undefined
  return (JSON.parse(text) as { error: Said }).error
}
