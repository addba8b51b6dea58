/** The files that others run: held against the sources they name, since no engine builds them here. */
import { folderFor } from './support/folder.ts'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { EnvSchema } from '../src/config.ts'

const root = new URL('../', import.meta.url).pathname
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

t.test('the image copies what is there and what the ignore file lets through', async t => {
  const let_ = new Set(read('.dockerignore').match(/(?<=^!).+$/gm))
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
  const sources = copied.flatMap(([, files = '']) => files.split(' '))
  t.ok(sources.length > 5)
  for (const source of sources) {
    t.ok(existsSync(join(root, source)), source)
    t.ok(let_.has(source), `${source} is not ignored`)
  }
})

t.test('the image has the major version of Node that the project is tested with', async t => {
  const { devDependencies } = JSON.parse(read('package.json')) as {
    devDependencies: { node: string }
  }
  const [major] = devDependencies.node.split('.')
  const bases = [...read('Dockerfile').matchAll(/^FROM node:(\d+)/gm)].map(([, version]) => version)
  t.same(bases, [major, major])
})

t.test('image and compose file name settings that exist', async t => {
  const compose = parse(read('compose.yaml')) as {
    services: { chatai: { environment: Record<string, string | null> } }
  }
  const image = read('Dockerfile').match(/(?<=^ENV |^ {4})[A-Z_]+(?==)/gm) ?? []
  const known = new Set([...Object.keys(EnvSchema.properties), 'NODE_ENV'])
  const keys = new Set(['OPENAI_API_KEY', 'DEEPSEEK_API_KEY'])
  for (const name of [...image, ...Object.keys(compose.services.chatai.environment)])
    t.ok(known.has(name) || keys.has(name), name)
})

t.test('systemd takes the unit', async t => {
  const unit = /<!-- file: chatai\.service -->\n```ini\n([\s\S]*?)```/.exec(read('OPERATIONS.md'))
  const folder = folderFor(t)
  const file = join(folder, 'chatai.service')
  writeFileSync(file, (unit?.[1] ?? '').replaceAll('/opt/chatai', root.slice(0, -1)))
  const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file])
  const skip = error !== undefined && 'systemd-analyze is not installed'
  t.notMatch(String(stderr), /chatai\.service/, { skip })
  t.equal(status, 0, { skip })
})

t.test('the operations page names every metric of ours, and no other', async t => {
  const meter = read('src/plugins/meter.ts') + read('src/plugins/metrics.ts')
  const made = new Set(meter.match(/chatai_[a-z_]+[a-z]/g))
  // Made by one template: what is counted of the bytes and events that were sent.
  made.delete('chatai_sent')
  for (const what of ['events', 'bytes']) made.add(`chatai_sent_${what}_total`)
  const named = new Set(read('OPERATIONS.md').match(/chatai_[a-z_]+[a-z]/g))
  t.same([...named].sort(), [...made].sort())
})
