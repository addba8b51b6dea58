/**
 * A program on the generated client: `node chat.ts <url>`. It chats, stops an answer and asks around,
 * then prints what it was told, as JSON. That it compiles proves the types, that it ends the rest.
 */
import { createClient, createConfig } from './generated/client/index.ts'
import {
  attach,
  chat,
  getGeneration,
  listModels,
  startGeneration,
  stopGeneration,
} from './generated/sdk.gen.ts'
import type { Event } from './generated/types.gen.ts'

const client = createClient(createConfig({ baseUrl: process.argv[2] ?? 'http://127.0.0.1:8080' }))

/** Chat over SSE, through whatever drops there are. */
async function talk(): Promise<{ events: Event[]; drops: number; retry: number | undefined }> {
  const events: Event[] = []
  let drops = 0
  let retry: number | undefined
  const { stream } = await chat({
    client,
    body: { message: 'Count to four.' },
    onSseEvent: event => (retry ??= event.retry),
    onSseError: () => drops++,
    // It would wait as long as the server asks it to.
    sseMaxRetryDelay: 1,
  })
  for await (const event of stream) if (event) events.push(event)
  return { events, drops, retry }
}

/** Start, attach, stop at the first word; the end comes over the stream as well. */
async function interrupt(): Promise<{ status: string; stopped: Event | undefined }> {
  const started = await startGeneration({ client, body: { message: 'Go on for ever.' } })
  if (started.error) throw new Error(started.error.error.message)
  const path = { id: started.data.id }
  const { stream } = await attach({ client, path })
  let status = ''
  let last: Event | undefined
  for await (const event of stream) {
    if (!event) continue
    last = event
    if (event.type !== 'text') continue
    const stopped = await stopGeneration({ client, path })
    status = `${stopped.data?.status} ${stopped.data?.text}`
  }
  return { status, stopped: last }
}

const { events, drops, retry } = await talk()
const id = events[0]?.generation ?? ''
const whole = await getGeneration({ client, path: { id } })
const unknown = await getGeneration({ client, path: { id: 'gen_AAAAAAAAAAAAAAAAAAAAAA' } })
const models = await listModels({ client })
const report = {
  events,
  drops,
  retry,
  text: whole.data?.text,
  seq: whole.data?.seq,
  code: unknown.error?.error.code,
  ready: models.data?.models.filter(model => model.ready).map(model => model.id),
  ...(await interrupt()),
}
process.stdout.write(JSON.stringify(report))
