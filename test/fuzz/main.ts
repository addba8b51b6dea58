/**
 * Fuzz the server by hand:
 *
 *     npm run fuzz -- --seconds 60 --seed 7
 *
 * Valid conversations over HTTP and WebSocket are spoiled byte by byte and sent to the real server
 * in a process of its own, 12 connections at a time, while two clients that behave read answers.
 * It fails where an answer is not as it must be, where those clients miss anything, where the
 * process dies or, in the end, holds more than before, or has logged a fault or what was said. A
 * failure names seed and connection: the bytes of a connection come from these two and from the
 * ids that the server gave, its timing from the machine.
 */
import { parseArgs } from 'node:util'
import { fuzz } from './fuzz.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, seed: { type: 'string' } },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const seconds = Number(values.seconds ?? 60)
process.stdout.write(`--seconds ${seconds} --seed ${seed}\n`)
const outcome = await fuzz({ seed, seconds })
process.stdout.write(`${JSON.stringify(outcome, undefined, 2)}\n`)
