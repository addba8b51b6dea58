/**
 * A process to be killed: appends to a few logs of the store in argv without end, and prints each
 * line once it was read from the log.
 */
import { follow } from '../../src/core/log.ts'
import { openSqliteStore } from '../../src/stores/sqlite.ts'
import { conversation, done, started, text, turn } from './facts.ts'

const [, , file = '', run = ''] = process.argv
const store = openSqliteStore({ file })
const { log, conversations } = store

async function report(generation: string): Promise<void> {
  for await (const lines of follow(log, { generation, after: 0 }, new AbortController().signal)) {
    process.stdout.write(lines.map(line => `${line.json}\n`).join(''))
  }
}

/** One answer in a conversation of its own, of `count` appends and rather different sizes. */
async function answer(name: string, count: number): Promise<void> {
  const generation = `gen_${name}`
  const id = `cnv_${name}`
  await Promise.all([
    conversations.create(conversation(id)),
    conversations.add(id, [turn(`t_${name}`, { generation })], 2),
    log.create(generation, started(id), { claim: { key: name, digest: 'd' } }),
  ])
  const reported = report(generation)
  for (let i = 0; i < count; i++) {
    const long = i % 7 === 0 ? 3000 : 10
    await log.append(generation, [text(`${i} `.padEnd(long, 'x')), text(`${i}`)])
  }
  await log.append(generation, [done])
  await reported
}

async function talk(lane: number): Promise<void> {
  for (let i = 0; ; i++) await answer(`${run}_${lane}_${i}`, 10 ** ((i + lane) % 4))
}

await Promise.all([0, 1, 2, 3].map(talk))
