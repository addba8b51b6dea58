import type { Turn } from '../src/transports/views.ts'

/** The turns from the first question to `head`. */
export function branch(turns: readonly Turn[], head: string | null): Turn[] {
  const byId = new Map(turns.map(turn => [turn.id, turn]))
  const path: Turn[] = []
  for (let turn = byId.get(head ?? ''); turn; turn = byId.get(turn.parent ?? '')) path.push(turn)
  return path.toReversed()
}

// The page is drawn many times while its turns stay the same.
const families = new WeakMap<readonly Turn[], Map<string | null, Turn[]>>()

/** The versions of a turn, oldest first, itself included: the children of its parent. */
export function versions(turns: readonly Turn[], of: Turn): readonly Turn[] {
  const family = families.get(turns) ?? Map.groupBy(turns, turn => turn.parent)
  families.set(turns, family)
  return family.get(of.parent) ?? []
}

/** The last turn of what was said after `id`, the newest version at each fork. */
export function leaf(turns: readonly Turn[], id: string): string {
  const child = turns.findLast(turn => turn.parent === id)
  return child === undefined ? id : leaf(turns, child.id)
}
