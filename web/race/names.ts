import type { Transport } from '../link/link.ts'
import type { Model } from '../state.ts'
import type { Both, Entrant } from './state.ts'
import type { Speech } from './words.ts'

export const transportNames: Readonly<Record<Transport, string>> = {
  sse: 'SSE',
  websocket: 'WebSocket',
}

export const labelOf = (model: string | undefined, models: readonly Model[]): string =>
  models.find(({ id }) => id === model)?.label ?? model ?? ''

/** What the lanes are called: by what tells them apart. */
export function namesOf(
  [one, other]: Both<Entrant>,
  models: readonly Model[],
  { lane }: Speech,
): Both<string> {
  if (one.transport !== other.transport)
    return [transportNames[one.transport], transportNames[other.transport]]
  const labels = [labelOf(one.model, models), labelOf(other.model, models)] as const
  return labels[0] === labels[1] ? [lane(1), lane(2)] : labels
}

/** The colour of a lane: of its transport, where that tells the two apart. */
export const tonesOf = ([one, other]: Both<Entrant>): Both<Transport> =>
  one.transport === other.transport ? ['sse', 'websocket'] : [one.transport, other.transport]
