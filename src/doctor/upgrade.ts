import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request as http } from 'node:http'
import { request as https } from 'node:https'
import type { Duplex } from 'node:stream'
import { type Finding, letUpgrade } from './finding.ts'
import { Unreachable, type Visit, protocolsOf } from './visit.ts'

/** A handshake is answered at once. */
const PATIENCE_MS = 10_000

/** How the handshake was answered: 101 is an upgrade. */
interface Handshake {
  readonly status: number
  readonly server: string | undefined
}

/** Whether a WebSocket can be opened. */
export async function checkUpgrade(visit: Visit): Promise<Finding> {
  return judgeUpgrade(await shake(visit))
}

/** By hand: a browser's WebSocket does not say with what it was refused. */
async function shake({ base, key }: Visit): Promise<Handshake> {
  const send = base.protocol === 'https:' ? https : http
  const request = send(new URL('api/ai/chat/websocket', base), {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-protocol': protocolsOf(key).join(', '),
    },
  })
  request.setTimeout(PATIENCE_MS, () => request.destroy(new Error('no answer came')))
  request.end()
  const answers = [once(request, 'upgrade'), once(request, 'response')]
  try {
    const [message, socket] = (await Promise.race(answers)) as [IncomingMessage, Duplex?]
    // After an upgrade it is not the request's any more.
    socket?.destroy()
    return { status: message.statusCode ?? 0, server: message.headers['server']?.toString() }
  } catch (error) {
    throw new Unreachable(`The WebSocket handshake broke off (${String(error)}).`, { cause: error })
  } finally {
    request.destroy()
    for (const answer of answers) answer.catch(() => undefined)
  }
}

/** What the status of a handshake means. */
function judgeUpgrade({ status, server }: Handshake): Finding {
  const check = 'WebSocket upgrade'
  const by = server === undefined ? '' : ` by ${server}`
  if (status === 101) return { check, health: 'well', said: 'accepted.' }
  if (status === 401 || status === 403) {
    return { check, health: 'ill', said: `refused with ${status}${by}: the key or the origin.` }
  }
  const said = `answered with ${status}${by}: something strips the upgrade.`
  return { check, health: 'ill', said, remedy: letUpgrade }
}
