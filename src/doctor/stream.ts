import { type Finding, unbuffer } from './finding.ts'
import { type Arrival, type Visit, arrivals, start } from './visit.ts'

/** The embedded model says 40 tokens a second; this takes it about two seconds. */
const QUESTION = 'count to 40'
/** Events in one read of a stream that nothing holds back: one or two, a few on a slow line. */
const MANY_EVENTS = 6
/** A stream whose first event comes so late in its time came all at once. */
const LATE = 0.8
/** An answer that is over in less tells nothing about its pace. */
const SHORT_MS = 600

/** Whether events come through one by one, and with the headers that keep them so. */
export async function checkStream(visit: Visit): Promise<Finding[]> {
  const since = performance.now()
  const response = await start(visit, QUESTION, new AbortController().signal)
  const all: Arrival[] = []
  for await (const arrival of arrivals(response, since)) all.push(arrival)
  return [judgePace(all), ...judgeHeaders(response.headers)]
}

/** From when what came. */
function judgePace(all: readonly Arrival[]): Finding {
  const check = 'streaming over SSE'
  const filled = all.filter(({ seqs }) => seqs.length > 0)
  const events = filled.reduce((sum, { seqs }) => sum + seqs.length, 0)
  const [first] = filled
  const last = filled.at(-1)
  if (first === undefined || last === undefined) {
    return { check, health: 'ill', said: 'No event came.', remedy: unbuffer }
  }
  const firstMs = Math.round(first.atMs)
  const said = `first event after ${firstMs} ms, ${events} events in ${filled.length} reads over ${Math.round(last.atMs)} ms`
  if (last.atMs < SHORT_MS) {
    return { check, health: 'unknown', said: `${said}: too short to tell; try --model demo.` }
  }
  if (first.atMs > last.atMs * LATE) {
    return { check, health: 'ill', said: `${said}: held back to the end.`, remedy: unbuffer }
  }
  if (events / filled.length > MANY_EVENTS) {
    return { check, health: 'ill', said: `${said}: held back and sent in lumps.`, remedy: unbuffer }
  }
  return { check, health: 'well', said: `${said}.` }
}

/** What became of the headers on the way. */
function judgeHeaders(headers: Headers): Finding[] {
  const check = 'headers of the stream'
  const type = headers.get('content-type') ?? 'none'
  const encoding = headers.get('content-encoding')
  const found: Finding[] = []
  if (!type.startsWith('text/event-stream')) {
    found.push({
      check,
      health: 'ill',
      said: `Content-Type is ${type}.`,
      remedy: 'Let it through unchanged.',
    })
  }
  if (encoding !== null) {
    const said = `something compresses the stream (Content-Encoding: ${encoding}).`
    found.push({ check, health: 'ill', said, remedy: unbuffer })
  }
  if (headers.get('cache-control')?.includes('no-transform') !== true) {
    const said = 'Cache-Control lost its no-transform: something rewrites headers.'
    found.push({ check, health: 'doubtful', said })
  }
  return found.length > 0 ? found : [{ check, health: 'well', said: 'as the server sends them.' }]
}
