/**
 * `npm run soak -- --minutes 30 --streams 500`: live answers, 5 % of the readers dropped and resumed
 * each minute, 10 % of them slow; memory, descriptors and timers of the server are sampled, and must
 * be flat from the third minute on. Exit 1 where they are not, or where anything was lost.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createEnds } from '../support/ends.ts'
import { folderFor, modelIn } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { type Sample, judge, toLine } from './samples.ts'
import { soak, startModel } from './soak.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    streams: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    store: { type: 'string', default: 'sqlite' },
  },
})
const minutes = Number(values.minutes)
const streams = Number(values.streams)
/** Samples in a minute. */
const EACH = 4

const say = (text: string): void => void process.stdout.write(`${text}\n`)

async function look(url: string, pid: number): Promise<Sample> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const metric = (name: string): number =>
    Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1] ?? 0)
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return {
    rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
    heapMb: metric('nodejs_heap_size_used_bytes') / 2 ** 20,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    timers: metric('nodejs_active_resources{type="Timeout"}'),
    live: metric('chatai_generations_live'),
  }
}

const t = createEnds()
try {
  const folder = folderFor(t)
  const server = await startProcess({
    STORE: values.store === 'memory' ? 'memory' : `sqlite:${join(folder, 'chatai.db')}`,
    ...modelIn(folder, 'talker', await startModel(t)),
    RATE_LIMIT_PER_MINUTE: '1000000',
  })
  t.teardown(() => server.end('SIGKILL'))
  const over = new AbortController()
  const { url, pid } = server
  const running = soak(t, {
    url,
    streams,
    drops: 0.05,
    slow: 0.1,
    seed: Number(values.seed),
    signal: over.signal,
  })
  const samples: Sample[] = []
  for (let i = 0; i < minutes * EACH; i++) {
    await sleep(60_000 / EACH)
    const sample = await look(url, pid)
    samples.push(sample)
    if (i % EACH === EACH - 1) say(`${(i + 1) / EACH} min: ${toLine(sample)}`)
  }
  over.abort()
  const { answers, events, drops, wrong } = await running
  say(`seed ${values.seed}: ${answers} answers, ${events} events read, ${drops} drops resumed`)
  const found = [...wrong.slice(0, 20), ...judge(samples, EACH)]
  for (const sentence of found) say(sentence)
  say(found.length === 0 ? 'Flat, and nothing was lost.' : `${found.length} found wrong.`)
  process.exitCode = found.length === 0 ? 0 : 1
} finally {
  await t.run()
}
