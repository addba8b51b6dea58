import { ChatError } from './errors.ts'

/** How many live answers, and starts on their way to one, each caller has. */
export interface Quotas {
  /** One more, where they are counted; throws `rate_limited` where it would be one too many. */
  take(quota: string | undefined): void
  leave(quota: string | undefined): void
}

/** Seconds: one ends sooner or later. */
const RETRY_AFTER = 5

export function createQuotas(most: number): Quotas {
  const taken = new Map<string, number>()

  return {
    take(quota) {
      if (quota === undefined) return
      const count = taken.get(quota) ?? 0
      if (count >= most) throw enough(most)
      taken.set(quota, count + 1)
    },
    leave(quota) {
      if (quota === undefined) return
      const left = (taken.get(quota) ?? 1) - 1
      if (left === 0) taken.delete(quota)
      else taken.set(quota, left)
    },
  }
}

const enough = (most: number): ChatError =>
  new ChatError(
    'rate_limited',
    `You have ${most} answers being written already. Stop one or wait for one.`,
    { retryAfter: RETRY_AFTER },
  )
