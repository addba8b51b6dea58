/** SSE over HTTP/2 without TLS: all streams of a client on one connection. */
import { type ClientHttp2Session, connect } from 'node:http2'
import { now } from '../clock.ts'
import { type Connection, type Question, SSE } from './connection.ts'
import { createReading } from './reading.ts'
import { dial } from './sse.ts'
import type { Tally } from './tally.ts'

/** As many streams, each driven as a connection is; `cut` and `traffic` are those of all together. */
export async function openStreams(url: URL, count: number): Promise<Connection[]> {
  const socket = await dial(url)
  const session = connect(url, { createConnection: () => socket })
  session.setMaxListeners(0)
  return Array.from({ length: count }, () => openStream(session, socket))
}

function openStream(session: ClientHttp2Session, traffic: Connection['traffic']): Connection {
  const reading = createReading()
  session.on('error', (error: Error) => reading.fail(error))
  session.on('close', () => reading.fail(new Error('The server closed the connection.')))

  function ask(question: Question, tally: Tally): Promise<void> {
    const done = reading.begin(tally)
    const stream = session.request({
      ':method': 'POST',
      ':path': SSE,
      'content-type': 'application/json',
    })
    stream.setEncoding('latin1')
    stream.on('data', (text: string) => tally.feed(text, now()))
    stream.on('error', (error: Error) => reading.fail(error))
    stream.on('end', reading.end)
    stream.end(JSON.stringify(question))
    return done
  }

  const none = (): never => {
    throw new Error('The pipe over HTTP/2 numbers nothing: there is nothing to attach to or stop.')
  }
  return {
    ask,
    attach: none,
    stop: none,
    stall: none,
    cut() {
      reading.drop()
      session.destroy()
    },
    traffic,
  }
}

/** What a GET brings, on a connection of its own. */
export async function getOver(url: URL): Promise<string> {
  const session = connect(url)
  const stream = session.request({ ':path': url.pathname })
  const pieces = (await stream.setEncoding('utf8').toArray()) as string[]
  session.close()
  return pieces.join('')
}
