import type { Finding } from './finding.ts'
import { Unreachable, type Visit, request } from './visit.ts'

const TRIES = 5

/** Whether it is a ChatAI that lets this client in, and how far away it is. */
export async function checkReach(visit: Visit): Promise<Finding[]> {
  const times: number[] = []
  for (let i = 0; i < TRIES; i++) {
    const since = performance.now()
    const health = await request(visit, 'healthz')
    const text = await health.text()
    times.push(performance.now() - since)
    if (!health.ok || !text.includes('"status"')) throw notOurs(health.status)
  }
  const [best = 0] = times.toSorted((a, b) => a - b)
  const models = await request(visit, 'api/ai/models')
  if (models.status === 401)
    throw new Unreachable('The server wants an API key: give it with --key.')
  const ready = await request(visit, 'readyz')
  const said = `${visit.base.origin}, ${best.toFixed(1)} ms there and back.`
  return [
    { check: 'the server', health: 'well', said },
    ready.ok
      ? { check: 'readiness', health: 'well', said: 'it takes traffic.' }
      : {
          check: 'readiness',
          health: 'doubtful',
          said: `readyz says ${ready.status}: it is going down.`,
        },
  ]
}

const notOurs = (status: number): Unreachable =>
  new Unreachable(`There is no ChatAI here: healthz answered with ${status}.`)
