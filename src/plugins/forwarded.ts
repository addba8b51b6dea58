import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Tells the operator, once, of a proxy that is not believed: all of its clients are one address to
 * every limit, and its HTTPS is plain HTTP. Anybody may send that header, so nothing else is made of it.
 */
export const forwarded = fp((app: FastifyInstance, _options: object, done: () => void) => {
  let told = false
  app.addHook('onRequest', ({ headers, ip, raw, log }, _reply, next) => {
    if (!told && headers['x-forwarded-for'] !== undefined && ip === raw.socket.remoteAddress) {
      told = true
      log.warn(
        { proxy: ip },
        'TRUST_PROXY does not list this proxy: its clients are counted as one',
      )
    }
    next()
  })
  done()
})
