/** Who has signed in at the page: kept in memory, so that a restart signs everybody out. */
import { createHash, randomBytes } from 'node:crypto'

/** What is known of who signed in. */
export interface Session {
  readonly owner: string
  /** Ms since the epoch. */
  readonly until: number
}

export interface Sessions {
  /** Returns the value of its cookie, which says nothing of the key. */
  begin(session: Session): string
  /** Undefined once it has ended. */
  find(value: string): Session | undefined
  end(value: string): void
}

/** More browsers than a person has: with the next one the oldest is signed out. */
const MOST_OF_ONE = 64
/** Of all together: some MB. */
const MOST = 10_000

const VALUE_BYTES = 32

/** What is looked up: memory holds no cookie, and no time tells how much of one is right. */
const nameOf = (value: string): string => createHash('sha256').update(value).digest('base64url')

export function createSessions(now: () => number): Sessions {
  // By name, the oldest first.
  const all = new Map<string, Session>()

  function of(owner: string): string[] {
    return [...all].filter(([, session]) => session.owner === owner).map(([name]) => name)
  }

  function makeRoom(owner: string): void {
    for (const [name, { until }] of all) if (until <= now()) all.delete(name)
    const own = of(owner)
    if (own.length >= MOST_OF_ONE) all.delete(own[0] ?? '')
    const [oldest = ''] = all.keys()
    if (all.size >= MOST) all.delete(oldest)
  }

  return {
    begin(session) {
      makeRoom(session.owner)
      const value = randomBytes(VALUE_BYTES).toString('base64url')
      all.set(nameOf(value), session)
      return value
    },
    find(value) {
      const session = all.get(nameOf(value))
      return session !== undefined && session.until > now() ? session : undefined
    },
    end: value => void all.delete(nameOf(value)),
  }
}
