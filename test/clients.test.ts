/** A client generated from openapi.yaml by a tool that knows nothing of this server uses it. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import { promisify } from 'node:util'
import t from 'tap'
import { build } from './support/app.ts'
import { chunks, finish, end, head, type Step } from './support/script.ts'
import { startUpstream, type Teardown } from './support/upstream.ts'

const folder = new URL('clients/', import.meta.url)
const run = promisify(execFile)
const node = (...args: string[]) => run(process.execPath, args, { cwd: folder })

/** As much of what clients/chat.ts prints as is looked at. */
interface Report {
  readonly events: readonly { generation: string; seq: number; type: string; text?: string }[]
  readonly drops: number
  readonly retry: number
  readonly text: string
  readonly seq: number
  readonly code: string
  readonly ready: readonly string[]
  readonly status: string
  readonly stopped: { type: string; reason: string; by: string }
}

t.before(async () => {
  await node('generate.ts')
})

t.test('a generated client, and a program that uses it, pass a strict type check', async t => {
  const tsc = new URL('node_modules/typescript/bin/tsc', folder)
  await t.resolves(node(tsc.pathname, '--project', '.', '--noEmit'))
})

t.test('a generated client is cut off in mid-answer and ends up with every event once', async t => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const proxy = await startProxy(t, new URL(app.url).port)
  upstream.play(
    head(),
    chunks({ content: 'One, ' }),
    proxy.cut('One, ', socket => socket.destroy()),
    chunks({ content: 'two, ' }),
    proxy.cut('two, ', socket => socket.resetAndDestroy()),
    chunks({ content: 'three, ' }, { content: 'four.' }),
    finish(),
    end,
  )
  upstream.play(head(), chunks({ content: 'Once' }), ({ request }) => request.closed)
  const { stdout } = await node('chat.ts', proxy.url)
  const report = JSON.parse(stdout) as Report

  const seqs = report.events.map(({ seq }) => seq)
  const counted = seqs.map((_, i) => i + 1)
  t.same(seqs, counted, 'every event once, in order')
  t.equal(report.events.at(-1)?.type, 'done')
  t.equal(report.events.map(({ text = '' }) => text).join(''), 'One, two, three, four.')
  t.equal(report.text, 'One, two, three, four.')
  t.equal(report.seq, seqs.length)

  const starts = proxy.requests.filter(text => text.startsWith('POST /api/ai/chat/sse '))
  const resumed = starts.map(text => /^last-event-id: (gen_[\w-]{22}:\d+)\r$/im.exec(text)?.[1])
  t.equal(starts.length, 3, 'two cuts, three requests with the same body')
  t.equal(resumed[0], undefined)
  t.ok(resumed[1] && resumed[2], 'which name the last event that was seen')
  t.equal(report.drops, 2)
  t.ok(report.retry >= 500, 'it was told when to come back')
  t.equal(upstream.requests.length, 2, 'one upstream request for it, one for the other answer')

  t.equal(report.code, 'not_found')
  t.same(report.ready, ['fake', 'demo'])
  t.equal(report.status, 'done Once')
  t.match(report.stopped, { type: 'done', reason: 'stopped', by: 'client' })
})

interface Proxy {
  readonly url: string
  /** The head of each request, with what came of its body in the same read. */
  readonly requests: readonly string[]
  /** Goes on once a client was sent that text and then lost its connection. */
  cut(after: string, how: (socket: Socket) => void): Step
}

/** A wire between the client and the server that can break: the cut is one of TCP, not of HTTP. */
async function startProxy(t: Teardown, port: string): Promise<Proxy> {
  const requests: string[] = []
  const cuts: { after: string; how: (socket: Socket) => void; done: () => void }[] = []
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    const back = connect(Number(port), '127.0.0.1')
    let passed = ''
    join(client, back)
    sockets.add(client)
    client.on('data', bytes => {
      if (/^[A-Z]+ \//.test(bytes.toString('latin1'))) requests.push(bytes.toString())
      back.write(bytes)
    })
    back.on('data', bytes => {
      passed += bytes.toString()
      client.write(bytes, () => {
        const cut = cuts[0]
        if (cut === undefined || !passed.includes(cut.after)) return
        cuts.shift()
        client.once('close', cut.done)
        cut.how(client)
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    cut(after, how) {
      const broken = new Promise<void>(done => cuts.push({ after, how, done }))
      return () => broken
    },
  }
}

/** Where one end closes, so does the other. */
function join(client: Socket, back: Socket): void {
  for (const [one, other] of [
    [client, back],
    [back, client],
  ] as const) {
    // A reset is what this is for; the ends of the wire notice it by themselves.
    one.on('error', () => other.destroy())
    one.on('end', () => other.end())
    one.on('close', () => other.destroy())
  }
}
