import type { Finding } from './finding.ts'
import { type Visit, arrivals, request, start } from './visit.ts'

/** Where the stream itself is held back. */
export const resumeLater: Finding = {
  check: 'resuming',
  health: 'unknown',
  said: 'not tried: first let the stream through.',
}

/** Read so much before the connection is dropped. */
const READ = 5

/** Whether an answer goes on after a dropped connection, and ends when it is stopped. */
export async function checkResume(visit: Visit): Promise<Finding[]> {
  const gone = new AbortController()
  const response = await start(visit, 'count to 500', gone.signal)
  const { generation, seq } = await readSome(response, gone)
  const path = `api/ai/chat/generations/${generation}`
  const back = new AbortController()
  const headers = { 'last-event-id': `${generation}:${seq}` }
  const again = await request(visit, `${path}/events`, { headers, signal: back.signal })
  const next = again.ok ? await firstSeq(again) : undefined
  back.abort()
  const since = performance.now()
  const stopped = await request(visit, `${path}/stop`, { method: 'POST' })
  const stopMs = Math.round(performance.now() - since)
  return [judgeResume(seq, next), judgeStop(stopped.status, stopMs)]
}

/** Leaves after some events: at the last one of them. */
async function readSome(
  response: Response,
  gone: AbortController,
): Promise<{ generation: string; seq: number }> {
  let last = { generation: '', seq: 0 }
  for await (const { generation, seqs } of arrivals(response, 0)) {
    const seq = seqs.at(-1)
    if (seq !== undefined) last = { generation, seq }
    if (last.seq >= READ) break
  }
  gone.abort()
  return last
}

async function firstSeq(response: Response): Promise<number | undefined> {
  for await (const { seqs } of arrivals(response, 0)) if (seqs.length > 0) return seqs[0]
  return undefined
}

/** The event after the last one that was seen comes next. */
function judgeResume(seen: number, next: number | undefined): Finding {
  const check = 'resuming'
  if (next === seen + 1)
    return { check, health: 'well', said: `dropped at ${seen}, went on at ${next}.` }
  if (next === 1) {
    const remedy = 'Let the request header Last-Event-ID through.'
    return { check, health: 'ill', said: `dropped at ${seen}, began anew.`, remedy }
  }
  return {
    check,
    health: 'ill',
    said: `dropped at ${seen}, and came back to ${next ?? 'nothing'}.`,
  }
}

function judgeStop(status: number, ms: number): Finding {
  const check = 'stopping'
  return status < 300
    ? { check, health: 'well', said: `the answer was ended in ${ms} ms.` }
    : { check, health: 'ill', said: `the stop was answered with ${status}.` }
}
