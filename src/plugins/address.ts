import { normalizeIP } from '@fastify/rate-limit'

/**
 * The address that limits are counted by: whoever has an IPv6 address has a /64 of them, so that is
 * what counts. Behind proxies it is the client's only where TRUST_PROXY lists them.
 */
export const addressOf = ({ ip }: { readonly ip?: string }): string =>
  // A client that has left already has none.
  normalizeIP(ip ?? '')

/**
 * This machine itself: its owner, or a proxy for who knows how many. No limit of an address holds
 * for it but that of starts. `::` is what is left of ::1.
 */
export const isLocal = (address: string): boolean => address === '::' || address.startsWith('127.')
