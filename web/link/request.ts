import { LinkError } from './error.ts'
import type { Setup } from './types.ts'

/** What a request needs of a link's setup. */
export type Address = Pick<Setup, 'base' | 'key' | 'fetch'>

/**
 * One HTTP request to the server. Rejects with a LinkError if the server refuses, with whatever
 * `fetch` throws if it cannot be reached.
 */
export async function request(
  { base, key, fetch }: Address,
  path: string,
  init: Omit<RequestInit, 'headers'> = {},
): Promise<Response> {
  const headers = {
    ...(init.body && { 'content-type': 'application/json' }),
    ...(key && { authorization: `Bearer ${key}` }),
  }
  const response = await fetch(new URL(path, base), { ...init, headers })
  if (!response.ok) throw refusal(response, await response.text())
  return response
}

function refusal({ status, headers }: Response, text: string): Error {
  // Something else than our server answered.
  const foreign = !text.startsWith('{"error":')
  if (foreign && status >= 500) return new Error(`HTTP ${status}`)
  const { code, message } = foreign
    ? { code: `http_${status}`, message: `HTTP ${status}` }
    : (JSON.parse(text) as { error: { code: string; message: string } }).error
  return new LinkError(code, message, {
    retryAfter: Number(headers.get('retry-after')) || undefined,
  })
}
