import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'

/** No client or proxy sends half as many. Node keeps 2000 and drops the others without a word. */
const MAX_HEADERS = 200

/**
 * Refuses requests that a proxy in front and this server could take for two different ones: with
 * several Hosts (RFC 9112, section 3.2), with a host in the address, with headers that one of them
 * drops, or with a body that one of them decodes.
 */
export const ambiguous = fp((app: FastifyInstance, _options: object, done: () => void) => {
  app.addHook('onRequest', (request, _reply, next) => {
    check(request)
    next()
  })
  done()
})

function check({ raw, headers }: FastifyRequest): void {
  if (raw.rawHeaders.length > 2 * MAX_HEADERS) throw refusal(431, 'MANY_HEADERS')
  if (hosts(raw.rawHeaders) > 1) throw invalid('The request names more than one Host. Send one.')
  if (raw.url?.startsWith('/') !== true) {
    throw invalid('The address must begin with a slash: the server is named by Host alone.')
  }
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') throw refusal(415, 'ENCODED_BODY')
}

/** Of the headers as they came: Node makes one of several Hosts, the first. */
function hosts(headers: readonly string[]): number {
  let count = 0
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.length === 4 && headers[i]?.toLowerCase() === 'host') count++
  }
  return count
}

const invalid = (message: string): ChatError => new ChatError('invalid_request', message)

/** With a status of its own; errors.ts has the words. */
const refusal = (statusCode: number, code: string): Error =>
  Object.assign(new Error(code), { statusCode, code })
