/** What a server used at one moment. */
export interface Sample {
  readonly rssMb: number
  readonly heapMb: number
  readonly descriptors: number
  readonly timers: number
  readonly live: number
}

/** Growth from the first half to the second that is noise: of a garbage collector's, and of chance. */
const NOISE = 1.15
/** Code is compiled, pools and caches are filled. */
const WARM_MINUTES = 2

export const toLine = ({ rssMb, heapMb, descriptors, timers, live }: Sample): string =>
  `${live} live, RSS ${rssMb.toFixed(0)} MB, heap ${heapMb.toFixed(0)} MB, ${descriptors} descriptors, ${timers} timers`

/** Pure: a sentence for whatever was higher in the second half, in the median, than noise explains. */
export function judge(samples: readonly Sample[], perMinute: number): string[] {
  const warm = samples.slice(WARM_MINUTES * perMinute)
  const half = Math.floor(warm.length / 2)
  if (half < 2) return ['The run was too short to tell: give it five minutes at least.']
  const found: string[] = []
  for (const name of ['rssMb', 'heapMb', 'descriptors', 'timers'] as const) {
    const early = median(warm.slice(0, half).map(sample => sample[name]))
    const late = median(warm.slice(-half).map(sample => sample[name]))
    if (late > early * NOISE)
      found.push(`${name} grew from ${early.toFixed(0)} to ${late.toFixed(0)}`)
  }
  return found
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
