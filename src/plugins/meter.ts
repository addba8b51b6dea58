/** What is counted, under the names that stand in the operations page. */
import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client'

/** A change in the life of a generation; `end` is the reason of done or the code of failed. */
export type Change =
  | { readonly type: 'started'; readonly model: string }
  | { readonly type: 'updated'; readonly model: string }
  | { readonly type: 'first'; readonly model: string; readonly ms: number }
  | { readonly type: 'stopped'; readonly model: string; readonly ms: number }
  | { readonly type: 'ended'; readonly model: string; readonly end: string }
  | { readonly type: 'fault'; readonly model: string; readonly code: string }

/** What the composition root reports. */
export interface Meter {
  readonly change: (change: Change) => void
  /** Ms between two pieces of an answer. */
  readonly gap: (ms: number) => void
  /** A request or command failed by a fault of ours. */
  readonly faulted: () => void
  /** A transaction of the store was kept. */
  readonly committed: (commit: { readonly writes: number; readonly ms: number }) => void
  readonly traffic: {
    attached(transport: string, after: number): void
    left(transport: string): void
    sent(transport: string, events: number, bytes: number): void
  }
}

const FIRST_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const GAP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30]
const STOP_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]
const COMMIT_SECONDS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1]
const WRITES = [1, 2, 5, 10, 25, 50, 100, 250, 1000]
/** Observing takes a microsecond, and there are as many gaps as pieces: one in so many is enough. */
const EVERY_GAP = 10

/** The meter and its registry; one of each an app, so that two apps in a process count apart. */
export function createMeter(): { meter: Meter; registry: Registry } {
  const registry = new Registry()
  const of = (name: string, help: string) => ({ registers: [registry], name, help })
  const started = new Counter({
    ...of('chatai_generations_started_total', 'Generations started'),
    labelNames: ['model'],
  })
  const ended = new Counter({
    ...of(
      'chatai_generations_ended_total',
      'Generations ended, by reason of done or code of failed',
    ),
    labelNames: ['model', 'end'],
  })
  const updated = new Counter({
    ...of('chatai_updates_total', 'Changes of model or parameters in the middle of an answer'),
    labelNames: ['model'],
  })
  const faults = new Counter({
    ...of('chatai_provider_errors_total', 'Failures of a provider, by code'),
    labelNames: ['model', 'code'],
  })
  const internal = new Counter(
    of('chatai_faults_total', 'Requests and commands that failed by a fault of the server'),
  )
  const first = new Histogram({
    ...of(
      'chatai_first_token_seconds',
      'From the start to the first piece of the answer in the log',
    ),
    labelNames: ['model'],
    buckets: FIRST_SECONDS,
  })
  const gaps = new Histogram({
    ...of('chatai_token_gap_seconds', `Between two pieces of an answer; one in ${EVERY_GAP}`),
    buckets: GAP_SECONDS,
  })
  const stops = new Histogram({
    ...of('chatai_stop_seconds', 'From a stop to the closed connection to the provider'),
    buckets: STOP_SECONDS,
  })
  const commits = new Histogram({
    ...of('chatai_store_commit_seconds', 'A transaction of the store; the process waits for it'),
    buckets: COMMIT_SECONDS,
  })
  const writes = new Histogram({
    ...of('chatai_store_commit_writes', 'Writes that waited for the same transaction'),
    buckets: WRITES,
  })
  let untold = 0

  function change(change: Change): void {
    const { type, model } = change
    if (type === 'started') started.inc({ model })
    else if (type === 'updated') updated.inc({ model })
    else if (type === 'first') first.observe({ model }, change.ms / 1000)
    else if (type === 'stopped') stops.observe(change.ms / 1000)
    else if (type === 'ended') ended.inc({ model, end: change.end })
    else faults.inc({ model, code: change.code })
  }

  return {
    registry,
    meter: {
      change,
      gap(ms) {
        untold = (untold + 1) % EVERY_GAP
        if (untold === 0) gaps.observe(ms / 1000)
      },
      faulted: () => internal.inc(),
      committed({ writes: count, ms }) {
        commits.observe(ms / 1000)
        writes.observe(count)
      },
      traffic: createTraffic(registry),
    },
  }
}

/** Counts numbers of its own, for every batch; they are handed over when somebody asks. */
function createTraffic(registry: Registry): Meter['traffic'] {
  const labelNames = ['transport']
  const of = (name: string, help: string) => ({ registers: [registry], name, help, labelNames })
  const readers = new Gauge(of('chatai_readers', 'Clients that read a generation now'))
  const attached = new Counter({
    ...of('chatai_attaches_total', 'Readers that came: from the start, or after a seq they had'),
    labelNames: [...labelNames, 'from'],
  })
  const totals = new Map<string, { events: number; bytes: number }>()
  const hand = (what: 'events' | 'bytes', help: string): void => {
    const counter: Counter<string> = new Counter({
      ...of(`chatai_sent_${what}_total`, help),
      collect() {
        counter.reset()
        for (const [transport, total] of totals) counter.inc({ transport }, total[what])
      },
    })
  }
  hand('events', 'Events written to readers')
  hand('bytes', 'Bytes written to readers, framing included')
  return {
    attached(transport, after) {
      readers.inc({ transport })
      attached.inc({ transport, from: after === 0 ? 'start' : 'seq' })
    },
    left: transport => readers.dec({ transport }),
    sent(transport, events, bytes) {
      const total = totals.get(transport) ?? { events: 0, bytes: 0 }
      if (total.bytes === 0) totals.set(transport, total)
      total.events += events
      total.bytes += bytes
    },
  }
}
