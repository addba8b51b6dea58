import { type Finding, keepIdle } from './finding.ts'
import { type Visit, arrivals, protocolsOf, start } from './visit.ts'

/** How a connection on which nobody spoke fared. */
interface Silence {
  /** It was still there at the end. */
  readonly held: boolean
  /** Until it ended, or was let go. */
  readonly seconds: number
}

/** Whether connections survive silence of so many seconds, on both transports at once. */
export async function checkIdle(visit: Visit, seconds: number): Promise<Finding[]> {
  const [sse, websocket] = await Promise.all([waitSse(visit, seconds), waitSocket(visit, seconds)])
  return [judgeSilence('a silent SSE stream', sse), judgeSilence('an idle WebSocket', websocket)]
}

/** The embedded model is told to be silent: only heartbeats pass. */
async function waitSse(visit: Visit, seconds: number): Promise<Silence> {
  const since = performance.now()
  const gone = new AbortController()
  const passed = (): number => (performance.now() - since) / 1000
  const timer = setTimeout(() => gone.abort(), (seconds + 2) * 1000)
  try {
    const response = await start(visit, `wait ${seconds} seconds`, gone.signal)
    let events = 0
    for await (const { seqs } of arrivals(response, since)) {
      events += seqs.length
      // Seq 1 comes before the silence, and the answer after it.
      if (events > 1) break
    }
    return { held: events > 1, seconds: passed() }
  } catch (error) {
    if (!gone.signal.aborted) return { held: false, seconds: passed() }
    if (error instanceof DOMException) return { held: true, seconds: passed() }
    throw error
  } finally {
    clearTimeout(timer)
    gone.abort()
  }
}

function waitSocket({ base, key }: Visit, seconds: number): Promise<Silence> {
  const url = new URL('api/ai/chat/websocket', base)
  url.protocol = url.protocol.replace('http', 'ws')
  const since = performance.now()
  const socket = new WebSocket(url, protocolsOf(key))
  return new Promise(resolve => {
    const end = (held: boolean): void => {
      clearTimeout(timer)
      socket.close()
      resolve({ held, seconds: (performance.now() - since) / 1000 })
    }
    const timer = setTimeout(() => end(socket.readyState === WebSocket.OPEN), seconds * 1000)
    socket.addEventListener('close', () => end(false), { once: true })
  })
}

function judgeSilence(check: string, { held, seconds }: Silence): Finding {
  const time = `${Math.round(seconds)} s`
  return held
    ? { check, health: 'well', said: `held for ${time}.` }
    : { check, health: 'ill', said: `cut after ${time}.`, remedy: keepIdle }
}
