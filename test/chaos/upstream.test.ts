/**
 * A thousand answers of a model server that does its worst, by both transports: each has one end
 * with the right code, says what the model said, and leaves no socket and no timer behind.
 */
import { getActiveResourcesInfo } from 'node:process'
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { randomFrom } from '../support/random.ts'
import { startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { websocketWire } from '../support/wire-websocket.ts'
import { type Heard, type Wire, rest, textOf } from '../support/wire.ts'
import { type Fault, OUTPUT_BYTES, SILENCE_MS, createTeller, faults } from './faults.ts'

const ANSWERS = 1000
const AT_ONCE = 100
/** Answers that take a silence to end are this much rarer than the others. */
const RARER = 4
const SEED = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000)

const env = {
  FIRST_BYTE_TIMEOUT_MS: String(SILENCE_MS),
  IDLE_TIMEOUT_MS: String(SILENCE_MS),
  MAX_OUTPUT_BYTES: String(OUTPUT_BYTES),
  RATE_LIMIT_PER_MINUTE: '1000000',
}

const endOf = ({ event }: Heard): string | undefined =>
  event.type === 'done' ? event.reason : event.type === 'failed' ? event.code : undefined

/** What is wrong with how an answer was heard, in a sentence each. */
function wrongs({ end, whole }: Fault, heard: readonly Heard[], sent: string): string[] {
  const found: string[] = []
  const ends = heard.map(endOf).filter(one => one !== undefined)
  if (ends.length !== 1) found.push(`${ends.length} ends`)
  if (endOf(heard.at(-1) as Heard) !== end) found.push(`ends as ${ends.join()}, not as ${end}`)
  if (heard.some(({ event }, i) => event.seq !== i + 1)) found.push('a hole')
  const text = textOf(heard)
  if (whole === true ? text !== sent : !sent.startsWith(text)) found.push('other words')
  return found
}

const timers = (): number => getActiveResourcesInfo().filter(name => name === 'Timeout').length

t.test(`${ANSWERS} answers survive their model server (CHAOS_SEED=${SEED})`, async (t: Test) => {
  const random = randomFrom(SEED)
  const upstream = await startUpstream(t)
  const sent = new Map<string, string>()
  upstream.always(async exchange => {
    const { messages } = exchange.request.json as { messages: { content: string }[] }
    const name = messages.at(-1)?.content ?? ''
    const add = (text: string): void => void sent.set(name, (sent.get(name) ?? '') + text)
    for (const step of faults[name.split(' ')[0] ?? '']?.play(createTeller(random, add)) ?? []) {
      if (exchange.socket.destroyed) return
      await step(exchange)
    }
  })
  const app = await build(t, { upstream, env })
  const before = timers()
  const wires: Wire[] = [sseWire(app.url), websocketWire(t, app.url)]
  const names = Object.keys(faults)
  const quick = names.filter(name => faults[name]?.end !== 'provider_timeout')
  const kinds = [
    ...names,
    ...Array<string[]>(RARER - 1)
      .fill(quick)
      .flat(),
  ]
  const found: string[] = []
  let next = 0

  async function ask(): Promise<void> {
    while (next < ANSWERS) {
      const number = next++
      const kind = kinds[number % kinds.length] ?? ''
      const name = `${kind} ${number}`
      const reader = await (wires[number % 2] as Wire).start({ message: name })
      const heard = await rest(reader)
      reader.drop()
      const wrong = wrongs(faults[kind] as Fault, heard, sent.get(name) ?? '')
      found.push(...wrong.map(what => `${name}: ${what}`))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, ask))
  t.same(found, [])
  t.equal(app.chat.live, 0)
  t.ok(upstream.sockets <= AT_ONCE, 'idle connections to the model are few')
  t.ok(timers() <= before + AT_ONCE, 'and so are timers')
  await app.server.close()
  await upstream.drained(0)
})
