/** Where, when and how it was measured: what stands above any figure. */
import { toCount } from './format.ts'
import type { Report } from './report.ts'
import type { Wording } from './wording.ts'

const GIGABYTE = 2 ** 30

/** Processor, memory, system and versions in one line. */
export function machineOf({ machine }: Report, { labels }: Wording): string {
  const { processor, cores, memory, system, node, chatai, pinned } = machine
  return [
    processor,
    `${cores} ${labels.cores}`,
    `${(memory / GIGABYTE).toFixed(1)} GB`,
    system,
    `Node ${node.replace(/^v/, '')}`,
    `ChatAI ${chatai}`,
    pinned ? labels.pinned : labels.unpinned,
  ].join(' · ')
}

/** The run's options, each with its name. */
export function optionsOf({ settings }: Report, { labels }: Wording): [string, string][] {
  const { streams, rate, rounds, seconds, stores, only } = settings
  return [
    [labels.streams, streams.map(toCount).join(', ')],
    [labels.rate, rate === null ? '20 (100: 50)' : String(rate)],
    [labels.rounds, String(rounds)],
    [labels.seconds, String(seconds)],
    [labels.stores, stores.join(', ')],
    [labels.only, only.length === 0 ? labels.everything : only.join(', ')],
  ]
}

/** The day of the run. */
export const dayOf = ({ at }: Report): string => at.slice(0, 10)
