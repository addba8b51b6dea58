import { type Address, request } from './link/request.ts'
import { noticeOf } from './notice.ts'
import type { Action, Intent } from './state.ts'

export interface SignParts extends Pick<Address, 'base' | 'fetch'> {
  readonly dispatch: (action: Action) => void
  /** Remember that there is a session, or that there is none, and begin anew. */
  readonly changed: (signed: 'in' | 'out') => void
}

/**
 * Signing in and out. The key is sent once and kept nowhere: from there on the server knows this
 * browser by a cookie that no script can read.
 */
export function createSign({
  base,
  fetch,
  dispatch,
  changed,
}: SignParts): (intent: Intent) => void {
  const stay = (error: unknown): void => dispatch({ type: 'locked', notice: noticeOf(error) })
  const ask = async (method: string, key?: string): Promise<unknown> =>
    request({ base, key, fetch }, 'session', { method })

  return intent => {
    if (intent.type === 'key') ask('POST', intent.key).then(() => changed('in'), stay)
    // A session that has ended already is what was wanted.
    if (intent.type === 'leave')
      ask('DELETE').then(
        () => changed('out'),
        () => changed('out'),
      )
  }
}
