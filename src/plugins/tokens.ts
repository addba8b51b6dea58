/** Tokens of an identity provider, by the keys that it publishes (RFC 7519, RFC 7517). */
import { createHash } from 'node:crypto'
import { type JWTPayload, errors, jwtVerify } from 'jose'
import { createPublished } from './published.ts'

export interface TokenOptions {
  readonly jwksUrl: string
  readonly issuer: string
  readonly audience: string
  /** Ms since the epoch. */
  readonly now: () => number
}

/** What a good token says. */
export interface Token {
  readonly owner: string
  /** Ms since the epoch. */
  readonly until: number
}

export interface Tokens {
  /**
   * `ended` if it was good once; `refused` if it is not one of the provider's, or not for this
   * server. Throws ChatError `overloaded` where that cannot be known: the provider does not answer.
   */
  verify(text: string): Promise<Token | 'ended' | 'refused'>
}

/** Signatures by a key that only the provider has: never HS*, whose key would be the public one. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA']

/** Clocks differ; who is let in so long after the end is let out after it, too. */
const TOLERANCE_SECONDS = 10

export function createTokens({ jwksUrl, issuer, audience, now }: TokenOptions): Tokens {
  const published = createPublished(new URL(jwksUrl), now)

  return {
    async verify(text) {
      try {
        const { payload } = await jwtVerify(text, published, {
          algorithms: ALGORITHMS,
          issuer,
          audience,
          requiredClaims: ['exp', 'sub'],
          clockTolerance: TOLERANCE_SECONDS,
          currentDate: new Date(now()),
        })
        return read(payload)
      } catch (error) {
        if (error instanceof errors.JWTExpired) return 'ended'
        if (error instanceof errors.JOSEError) return 'refused'
        throw error
      }
    },
  }
}

function read({ iss = '', sub = '', exp = 0 }: JWTPayload): Token | 'refused' {
  if (typeof sub !== 'string' || sub === '') return 'refused'
  // Of one length and without the person's name in it, whatever the provider's names are.
  const who = createHash('sha256')
    .update(JSON.stringify([iss, sub]))
    .digest('base64url')
  return { owner: `jwt:${who}`, until: (exp + TOLERANCE_SECONDS) * 1000 }
}
