import { type JSONWebKeySet, type JWTVerifyGetKey, createLocalJWKSet, errors } from 'jose'
import { ChatError } from '../core/errors.ts'

/** Keys are asked for anew after this, so that one that the provider withdrew goes. */
const FRESH_MS = 600_000
/** A token with an unknown key, or a provider that fails, is no reason to ask more often than this. */
const COOLDOWN_MS = 10_000
const TIMEOUT_MS = 5000

/**
 * The keys that an identity provider publishes, asked for when they are needed. A provider that is
 * down takes nobody out who has a token of a known key. Whether one of an unknown key is good nobody
 * can say then: it is `overloaded`, and not refused.
 */
export function createPublished(url: URL, now: () => number): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined
  let askedAt = -Infinity
  // Invariant: not before `askedAt` unless the last request failed, or is on its way.
  let loadedAt = -Infinity
  let failure: unknown
  let loading: Promise<void> | undefined

  async function load(): Promise<void> {
    askedAt = now()
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS)
      const response = await fetch(url, { signal, redirect: 'error' })
      if (!response.ok) throw new Error(`the identity provider answered ${response.status}`)
      keys = createLocalJWKSet((await response.json()) as JSONWebKeySet)
      loadedAt = now()
    } catch (error) {
      failure = error
    }
  }

  /** Resolves when it has been tried; a request of ours is not one of theirs each time. */
  async function refresh(): Promise<void> {
    if (loading === undefined && now() - askedAt < COOLDOWN_MS) return
    loading ??= load().finally(() => (loading = undefined))
    await loading
  }

  return async (header, token) => {
    const refreshed = now() - loadedAt < FRESH_MS ? undefined : refresh()
    // Old keys do until there are new ones.
    if (keys === undefined) await refreshed
    try {
      if (keys !== undefined) return await keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
    }
    await refresh()
    if (keys === undefined || loadedAt < askedAt) throw unknowable(failure)
    return keys(header, token)
  }
}

const unknowable = (cause: unknown): ChatError =>
  new ChatError('overloaded', 'Tokens cannot be checked now. Retry in a moment.', {
    retryAfter: COOLDOWN_MS / 1000,
    cause,
  })
