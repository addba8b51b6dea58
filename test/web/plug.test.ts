/** The plug against the real server: what is cut is cut at once, what comes is counted. */
import t, { type Test } from 'tap'
import { type Item, type Transport, openLink } from '../../web/link/link.ts'
import { type Plug, createPlug } from '../../web/plug.ts'
import { build } from '../support/app.ts'

/** A plug that notes what it is told. */
function plugged(): Plug & { readonly told: boolean[] } {
  const told: boolean[] = []
  return Object.assign(
    createPlug(reached => told.push(reached)),
    { told },
  )
}

function open(t: Test, transport: Transport, { plug, url }: { plug: Plug; url: string }) {
  const end = new AbortController()
  t.teardown(() => end.abort())
  const { fetch, WebSocket } = plug
  const pace = { baseMs: 1, capMs: 5 }
  const states: string[] = []
  const onState = (state: string): void => void states.push(state)
  return {
    states,
    link: openLink(transport, { base: url, fetch, WebSocket, pace, onState, signal: end.signal }),
  }
}

const textOf = (items: readonly Item[]): string =>
  items.map(item => (item.type === 'text' ? item.text : '')).join('')

for (const transport of ['sse', 'websocket'] as const) {
  void t.test(`${transport}: an answer goes on where the plug was pulled`, async t => {
    const { url } = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '300' } })
    const plug = plugged()
    const { link, states } = open(t, transport, { plug, url })
    const items: Item[] = []
    const generation = await link.start({ message: 'count to 400' })
    for await (const batch of link.events(generation, 0)) {
      items.push(...batch)
      if (items.length >= 100 && !states.includes('resuming')) {
        plug.cut()
        setImmediate(plug.mend)
      }
    }
    t.strictSame(
      items.map(({ seq }) => seq),
      items.map((_, i) => i + 1),
    )
    t.match(textOf(items), /^399 400$|399 400\n/m)
    t.ok(states.includes('resuming'), 'it was cut')
    t.equal(states.at(-1), 'connected')
    t.ok(plug.bytes() >= Buffer.byteLength(textOf(items)), 'every byte was counted')
    t.equal(plug.told.at(-1), true)
  })
}

void t.test('nothing passes a pulled plug, and everything passes it again', async t => {
  const { url } = await build(t)
  const plug = plugged()
  plug.cut()
  await t.rejects(plug.fetch(`${url}/healthz`), { name: 'TypeError' })
  const dead = new plug.WebSocket(`${url.replace('http', 'ws')}/api/ai/chat/websocket`)
  await new Promise(resolve => dead.addEventListener('close', resolve))
  t.strictSame(plug.told, [false, false])
  plug.mend()
  t.equal((await plug.fetch(`${url}/healthz`)).status, 200)
  const live = new plug.WebSocket(`${url.replace('http', 'ws')}/api/ai/chat/websocket`)
  await new Promise(resolve => live.addEventListener('open', resolve))
  t.strictSame(plug.told, [false, false, true, true])
  const closed = new Promise<CloseEvent>(resolve => live.addEventListener('close', resolve))
  plug.cut()
  t.equal((await closed).code, 1006, 'at once, as when a network is lost')
})

void t.test('who leaves by himself learns nothing about the server', async t => {
  const { url } = await build(t)
  const plug = plugged()
  await t.rejects(plug.fetch(`${url}/healthz`, { signal: AbortSignal.abort() }))
  const socket = new plug.WebSocket(`${url.replace('http', 'ws')}/api/ai/chat/websocket`)
  socket.close()
  await plug.fetch(`${url}/healthz`)
  t.strictSame(plug.told, [true])
})
