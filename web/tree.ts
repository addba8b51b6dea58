import type { Turn } from '../src/transports/views.ts'

/** The turns from the first question to `head`. */
export function branch(turns: readonly Turn[], head: string | null): Turn[] {
  const byId = new Map(turns.map(turn => [turn.id, turn]))
  const path: Turn[] = []
  for (let turn = byId.get(head ?? ''); turn; turn = byId.get(turn.parent ?? '')) path.push(turn)
  return path.toReversed()
}

/** The versions of a turn, oldest first, itself included. */
export const versions = (turns: readonly Turn[], of: Turn): Turn[] =>
  turns.filter(turn => turn.parent === of.parent && turn.role === of.role)

/** The last turn of what was said after `id`, the newest version at each fork. */
export function leaf(turns: readonly Turn[], id: string): string {
  const child = turns.findLast(turn => turn.parent === id)
  return child ? leaf(turns, child.id) : id
}
