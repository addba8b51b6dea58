/** Something unforeseen in our own code: it is one request's, it is logged, and nobody is told of it. */
import t, { type Test } from 'tap'
import type { Log } from '../src/core/log.ts'
import { createMemoryStore } from '../src/stores/memory.ts'
import { build } from './support/app.ts'
import { sseWire } from './support/wire-sse.ts'
import { connect } from './support/wire-websocket.ts'
import { rest, textOf } from './support/wire.ts'

const SECRET = 'ENOENT: /secret/path'

async function scene(t: Test) {
  const store = createMemoryStore()
  const state = { broken: false }
  const head: Log['head'] = async generation => {
    if (state.broken) throw new TypeError(SECRET)
    return store.log.head(generation)
  }
  let log = ''
  const logTo = { write: (line: string) => void (log += line) }
  const env = { LOG_LEVEL: 'error' }
  const app = await build(t, { store: { ...store, log: { ...store.log, head } }, logTo, env })
  return { state, app, wire: sseWire(app.url), logged: () => log }
}

t.test('a fault of ours is told in one sentence, the same to everybody', async t => {
  const { state, app, wire, logged } = await scene(t)
  const { generation } = await wire.start({ message: 'x', params: { max_tokens: 3 } })
  const line = await connect(t, app.url)
  state.broken = true
  const said = new Set<string>()
  const path = `${app.url}/api/ai/chat/generations/${generation}`
  for (const [method, place] of [
    ['GET', path],
    ['GET', `${path}/events`],
    ['POST', `${path}/stop`],
  ] as const) {
    const response = await fetch(place, { method })
    t.equal(response.status, 500, place)
    said.add(await response.text())
  }
  t.same(
    [...said],
    [
      '{"error":{"code":"internal","message":"Something went wrong inside the server. Please try again."}}',
    ],
  )
  const refusal = { code: 'internal', message: /^internal: Something went wrong inside the server/ }
  await t.rejects(line.command({ type: 'attach', generation }), refusal)
  await t.rejects(line.command({ type: 'stop', generation }), refusal)
  t.match(logged(), SECRET, 'the operator can read what it was')
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  t.match(metrics, /^chatai_faults_total 5$/m, 'and see that there is something')
  t.equal(logged().trim().split('\n').length, 5)
  state.broken = false
  t.equal(line.socket.readyState, line.socket.OPEN, 'the socket goes on, and so does the process')
  t.ok(textOf(await rest(await line.read({ type: 'attach', generation }))))
})
