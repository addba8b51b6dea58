/** What a server spends while something is done to it. */
import { type Host, usage } from './host.ts'

/** Asking costs the server itself some processor time: the least of a few asks in a row. */
const ASKS = 3

export interface Meter {
  start(): Promise<void>
  /** Processor time since the start, less that of asking; µs. NaN where the server does not tell. */
  stop(): Promise<number>
}

/** The server must have nothing else to do at that moment. */
export async function createMeter(host: Host): Promise<Meter> {
  const cpuUs = async (): Promise<number> => (await usage(host)).cpuMs * 1000
  let cost = Infinity
  let before = await cpuUs()
  for (let ask = 0; ask < ASKS; ask++) {
    const after = await cpuUs()
    cost = Math.min(cost, after - before)
    before = after
  }
  return {
    async start() {
      before = await cpuUs()
    },
    stop: async () => Math.max(0, (await cpuUs()) - before - cost),
  }
}
