/** Asking again what no server has taken. */
import type { StartBody } from './link/link.ts'
import type { Asked, Live, Params } from './live.ts'
import type { State } from './state.ts'

/** What a start is made with: by now, not when it was asked first. */
export interface Terms {
  readonly model?: string
  readonly params?: Params
}

/**
 * The same question. Under the same key it is answered once, even if the server took it and only
 * its word was lost; with other settings it is another question.
 */
export function sameAgain({ body }: Asked, terms: Terms, newKey: () => string): StartBody {
  const { model: _, params: __, idempotencyKey: key, ...rest } = body
  const same = body.model === terms.model && isSame(body.params ?? {}, terms.params ?? {})
  return { ...rest, ...terms, idempotencyKey: same && key !== undefined ? key : newKey() }
}

function isSame(a: Params, b: Params): boolean {
  const names = Object.keys({ ...a, ...b }) as (keyof Params)[]
  return names.every(name => a[name] === b[name])
}

/** Refused because the conversation, or a turn in it, is not there any more. */
export const wantsNewPlace = ({ end, asked }: Live): boolean =>
  end?.type === 'failed' && end.code === 'not_found' && asked?.body.conversation !== undefined

/** The words of the question, also where it was only to be answered once more. */
export function wordsOf({ body, parent }: Asked, { turns }: State): string {
  return body.message ?? turns.find(({ id }) => id === parent)?.content ?? ''
}
