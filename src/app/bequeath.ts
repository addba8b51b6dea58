import type { FastifyBaseLogger } from 'fastify'
import type { Store } from '../core/conversation.ts'
import { NOBODY } from '../core/owned.ts'
import type { Ring } from '../plugins/keys.ts'

export interface Inheritance {
  /** Whose it is to be from here on. */
  readonly heir: string | undefined
  /** There are owners at all. */
  readonly owners: boolean
  readonly log: FastifyBaseLogger
}

/** What was made without a key is seen by nobody who has one, until the operator says whose it is. */
export async function bequeath(store: Store, { heir, owners, log }: Inheritance): Promise<void> {
  if (heir !== undefined) return store.bequeath(heir)
  if (!owners) return
  const { conversations } = await store.conversations.list(NOBODY, 1)
  if (conversations.length === 0) return
  log.warn(
    'There are conversations that were made without a key; no key sees them. KEYLESS_HEIR gives them to one.',
  )
}

/** The owner that KEYLESS_HEIR names. Throws an Error of one sentence if no key has that name. */
export function heirOf(ring: Ring, name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const owner = ring.named(name)
  if (owner !== undefined) return owner
  throw new Error(
    `The setting KEYLESS_HEIR names ${name}, which is not the name of a key in API_KEYS.`,
  )
}
