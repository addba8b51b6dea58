/** The upstream's side of the raw pipes. */
import { Agent, type IncomingMessage, request } from 'node:http'

/** Ask; the returned function cuts. After the end of the answer it does nothing. */
export type Ask = (body: string, answered: (answer: IncomingMessage) => void) => () => void

export function createPipe(upstream: string | undefined): Ask {
  const url = new URL('/v1/chat/completions', upstream)
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 1024 })
  return (body, answered) => {
    const asked = request(url, { method: 'POST', agent }, answered)
    asked.on('error', () => undefined)
    asked.end(body)
    return () => void asked.destroy()
  }
}
