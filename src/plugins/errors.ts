import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError, asChatError } from '../core/errors.ts'
import { refusal } from '../transports/status.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** A request or command failed by a fault of ours. */
    faulted: () => void
  }
}

/** Fastify's own refusals, as ours. A status that is not the code's own is kept (415, 408, 431). */
function translate(error: unknown, most: number): { error: ChatError; status?: number } {
  const { code, statusCode } = error as FastifyError
  if (error instanceof ChatError || statusCode === undefined) return { error: asChatError(error) }
  if (statusCode === 413) {
    const message = `The request body is larger than the ${most} bytes this server takes.`
    return { error: new ChatError('too_large', message) }
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const message = 'Send the body as Content-Type: application/json.'
    return { error: new ChatError('invalid_request', message), status: 415 }
  }
  // Of the files of the page.
  if (statusCode === 403) {
    return { error: new ChatError('forbidden', 'The address leads out of what is served.') }
  }
  if (statusCode >= 400 && statusCode < 500) {
    const message = `The request could not be read: ${reasons[code] ?? 'see the API description'}.`
    return { error: new ChatError('invalid_request', message), status: statusCode }
  }
  return { error: asChatError(new Error('unforeseen', { cause: error })) }
}

const reasons: Readonly<Record<string, string>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: 'its body is empty',
  FST_ERR_CTP_INVALID_JSON_BODY: 'its body is not JSON, or has a field __proto__ or constructor',
  FST_ERR_BAD_URL: 'its address is not a valid URL',
  ENCODED_BODY: 'its body has a Content-Encoding, send it without one',
  MANY_HEADERS: 'it has too many headers',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'its length is not what Content-Length says',
}

/** Also for what Fastify refuses before it has found a route (`frameworkErrors`). */
export async function answer(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { error: known, status } = translate(error, request.routeOptions.bodyLimit)
  // A cause is what the client is not told: a fault of ours, or of the store's.
  if (known.code === 'internal') {
    request.server.faulted()
    request.log.error({ err: known.cause ?? error }, 'request failed')
  } else if (known.code === 'overloaded' && known.cause !== undefined) {
    request.log.warn({ err: known.cause }, 'refused')
  }
  const { headers, body, ...usual } = refusal(known)
  reply.removeHeader('content-type')
  await reply
    .code(status ?? usual.status)
    .headers(headers)
    .send(body)
}

/** Every error leaves as `{error: {code, message}}` by the one table, and nothing else does. */
export const errors = fp((app: FastifyInstance, _options: object, done: () => void) => {
  app.setErrorHandler(answer)
  app.setNotFoundHandler((request, reply) => {
    const message = 'There is nothing here. The API is described at /openapi.yaml.'
    return answer(new ChatError('not_found', message), request, reply)
  })
  done()
})
