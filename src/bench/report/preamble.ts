/** Where, when and how it was measured: what stands above any figure. */
import { toCount } from './format.ts'
import type { Report } from './report.ts'
import type { Wording } from './wording.ts'

const GIGABYTE = 2 ** 30

/** Processor, memory, system and versions in one line. */
export function machineOf({ machine, settings }: Report, { labels }: Wording): string {
  const { processor, cores, memory, system, node, chatai, pinned } = machine
  return [
    processor,
    `${cores} ${labels.cores}`,
    `${(memory / GIGABYTE).toFixed(1)} GB`,
    system,
    `Node ${node.replace(/^v/, '')}`,
    `ChatAI ${chatai}`,
    settings.remote !== undefined ? labels.client : pinned ? labels.pinned : labels.unpinned,
  ].join(' · ')
}

/** The run's options, each with its name; of a server elsewhere, where it is. */
export function optionsOf({ settings }: Report, { labels }: Wording): [string, string][] {
  const { streams, rate, rounds, seconds, stores, only, remote } = settings
  const general: [string, string][] = [
    [labels.streams, streams.map(toCount).join(', ')],
    [labels.rounds, String(rounds)],
    [labels.seconds, String(seconds)],
    [labels.only, only.length === 0 ? labels.everything : only.join(', ')],
  ]
  if (remote !== undefined) {
    const { url, model } = remote
    return [[labels.server, model === null ? url : `${url} · ${model}`], ...general]
  }
  return [
    ...general,
    [labels.rate, rate === null ? '20 (100: 50)' : String(rate)],
    [labels.stores, stores.join(', ')],
  ]
}

/** The day of the run. */
export const dayOf = ({ at }: Report): string => at.slice(0, 10)
