/** The frames made here are what a client of ws reads, whatever their length and characters. */
import { once } from 'node:events'
import { type AddressInfo, type Socket } from 'node:net'
import t from 'tap'
import { WebSocket, WebSocketServer } from 'ws'
import { toFrames } from '../../src/transports/frames.ts'

const texts = [
  ...[1, 125, 126, 127, 65_535, 65_536, 200_000].map(length => 'x'.repeat(length)),
  '世'.repeat(42),
  '😀'.repeat(40_000),
  '',
  'é',
]

t.test('every length and character comes as it was, in order', async t => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  t.teardown(() => server.close())
  await once(server, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  t.teardown(() => client.terminate())
  const heard: string[] = []
  const closed = once(client, 'close')
  client.on('message', (data: Buffer, isBinary) => heard.push(isBinary ? 'binary' : String(data)))
  const [socket, request] = (await once(server, 'connection')) as [WebSocket, { socket: Socket }]
  request.socket.write(toFrames(texts))
  // A frame of ws may follow one of ours.
  socket.send('the end')
  socket.close(1000)
  const [code] = (await closed) as [number]
  t.equal(code, 1000, 'and nothing was wrong with a frame')
  t.same(heard, [...texts, 'the end'])
})
