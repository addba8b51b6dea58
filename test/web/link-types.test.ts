/** The types of client.js: enough for a program of somebody else's, and true to the sources. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { checkTypes } from './types-check.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const types = await readFile(`${root}web/link/public/client.d.ts`, 'utf8')
const judge = await readFile(`${root}test/web/client-types.ts`, 'utf8')

const program = `
import { type Event, type Link, LinkError, openLink } from './client.js'

const states: string[] = []
const link: Link = openLink('websocket', {
  base: 'http://127.0.0.1:8080/',
  onState: (state, generation) => states.push(state + generation),
})
const generation: string = await link.start({ message: 'Hello', params: { temperature: 0 } })
let text = ''
let last: Event | undefined
try {
  for await (const batch of link.events(generation, 0)) {
    for (const item of batch) {
      if (item.type === 'reset') text = ''
      else last = item
      if (item.type === 'text') text += item.text
      if (item.type === 'failed') console.error(item.code, item.retryAfter?.toFixed())
    }
  }
  await link.update(generation, { mode: 'restart' })
  await link.stop(generation)
} catch (error) {
  if (error instanceof LinkError && error.code === 'rate_limited') console.log(error.retryAfter)
}
console.log(text, last?.seq)

// @ts-expect-error
openLink('carrier pigeon')
// @ts-expect-error
await link.start({ massage: 'Hello' })
// @ts-expect-error
await link.update(generation, { mode: 'rewind' })
// @ts-expect-error
if (last?.type === 'txet') console.log()
`

t.test('a program that uses client.js passes a strict check', async t => {
  const files = { 'client.d.ts': types, 'client.js': '', 'program.ts': program }
  const browser = { target: 'es2022', lib: ['es2022', 'dom'], module: 'es2022' }
  t.equal(await checkTypes(t, files, { ...browser, moduleResolution: 'bundler' }), '')
  t.equal(await checkTypes(t, files, { module: 'nodenext', lib: ['es2022', 'dom'] }), '')
})

/** Each is a way in which the two could drift apart. */
const drifts: readonly (readonly [string, string])[] = [
  ['stop(generation: string)', 'stop(generation: string, why: string)'],
  ['after: number,', 'after?: number,'],
  ['onDisconnect?:', 'onDisconnected?:'],
  ['  edit?: string\n', ''],
  ["'connected' | ", ''],
  ['  estimated: boolean\n', '  estimated: boolean\n  cached: boolean\n'],
  ['by?: ', 'by: '],
  ['  readonly key?: string\n', ''],
  ['readonly seq: 0', 'seq: 0'],
  ["  | 'internal'", ''],
  ['readonly code: string', 'readonly code: Code'],
]

t.test('it is identical to the sources, and any drift is found', async t => {
  const files: Record<string, string> = { 'client.d.ts': types }
  const judgeOf = (name: string): string =>
    judge
      .replace('../../web/link/link.ts', `${root}web/link/link.ts`)
      .replace('../../web/link/public/client.d.ts', `./${name}`)
  files['judge.ts'] = judgeOf('client.d.ts')
  drifts.forEach(([from, to], i) => {
    t.ok(types.includes(from), from)
    files[`client-${i}.d.ts`] = types.replace(from, to)
    files[`judge-${i}.ts`] = judgeOf(`client-${i}.d.ts`)
  })
  const { compilerOptions } = JSON.parse(await readFile(`${root}tsconfig.json`, 'utf8')) as {
    compilerOptions: object
  }
  const typeRoots = [`${root}node_modules/@types`]
  const said = await checkTypes(t, files, { ...compilerOptions, typeRoots })
  t.notMatch(said, /^judge\.ts/m, 'as it is')
  drifts.forEach(([from], i) => t.match(said, new RegExp(`^judge-${i}\\.ts`, 'm'), from))
})

t.test('it names what the module exports, and nothing else', async t => {
  const sources = await readFile(`${root}web/link/link.ts`, 'utf8')
  const lists = (text: string): string[] =>
    [...text.matchAll(/^export (?:type )?\{([^}]+)\}/gm)].flatMap(([, list = '']) =>
      list.split(',').flatMap(name => name.replace('type ', '').trim() || []),
    )
  const functions = [...sources.matchAll(/^export function (\w+)/gm)].map(([, name = '']) => name)
  const declared = new Set(lists(types))
  t.same(declared, new Set([...lists(sources), ...functions]))
})
