import { normalizeIP } from '@fastify/rate-limit'

/**
 * The address that limits are counted by: whoever has an IPv6 address has a /64 of them, so that is
 * what counts. Behind proxies it is the client's only where TRUST_PROXY lists them.
 */
export const addressOf = ({ ip }: { readonly ip?: string }): string =>
  // A client that has left already has none.
  normalizeIP(ip ?? '')
