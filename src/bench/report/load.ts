/** Which rounds were under the load that they are said to be. */
import type { Sample } from '../run.ts'

/** Of the tokens that the fullest round at a level saw in its window. */
const LEAST = 0.6

const placeOf = ({ server, transport, streams, round }: Sample): string =>
  `${server} ${transport} ${streams} ${round}`

/**
 * The samples without the latencies and processor times of rounds in which most streams had ended,
 * or not begun, when they were looked at: a server that was slow to begin them would look fast.
 */
export function underLoad(samples: readonly Sample[]): Sample[] {
  const fullest = new Map<number, number>()
  const slack = new Set<string>()
  const paced = samples.filter(({ measure }) => measure === 'latency')
  for (const sample of paced) {
    fullest.set(sample.streams, Math.max(fullest.get(sample.streams) ?? 0, tokensOf(sample)))
  }
  for (const sample of paced) {
    const most = fullest.get(sample.streams) ?? 0
    if (tokensOf(sample) < LEAST * most) slack.add(placeOf(sample))
  }
  const isPaced = ({ measure }: Sample): boolean => measure === 'latency' || measure === 'cpu'
  return samples.filter(sample => !isPaced(sample) || !slack.has(placeOf(sample)))
}

const tokensOf = ({ value }: Sample): number => (typeof value === 'number' ? 0 : value.count)
