/** How the house is built: who may import whom, which packages have which room, how long a file is. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

const root = new URL('..', import.meta.url).pathname
const LONGEST = 250

/** The whole list: what a room's files may import of ours. A room may always import itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  // The event loop is one for all rooms.
  'src/tick.ts': [],
  'src/providers': ['src/core/chunk.ts', 'src/core/errors.ts', 'src/tick.ts'],
  'src/stores': ['src/core', 'src/tick.ts'],
  'src/transports': ['src/core'],
  'src/plugins': ['src/core/errors.ts', 'src/transports/status.ts'],
  'src/app.ts': ['src'],
  'src/report.ts': ['src/core', 'src/plugins/meter.ts'],
  // Parts of the composition root.
  'src/app': ['src'],
  'src/server.ts': ['src/app.ts', 'src/config.ts'],
  'src/config.ts': [],
  // It measures the server from outside, as its clients do.
  'src/bench': ['src/app.ts', 'src/config.ts', 'src/transports/wire.ts'],
  // It looks at a server from outside, whatever stands in between.
  'src/doctor': [],
  // How a benchmark is read is said once: the page reads it as the reports do.
  'web/race': ['web', 'src/bench/run.ts', 'src/bench/report'],
  // Of the server types only; see below.
  web: ['src/transports/wire.ts', 'src/transports/views.ts', 'src/transports/conversation-file.ts'],
}

/** Rooms of packages; one that is not named may be imported from anywhere but core. */
const packages: Readonly<Record<string, RegExp>> = {
  openai: /^src\/(providers\/openai\.ts|bench\/baselines\/)/,
  'node:sqlite': /^src\/stores\/sqlite[\w-]*\.ts$/,
  fastify: /^src\/(app\.ts|app\/|report\.ts|transports\/|plugins\/)/,
  '@fastify': /^src\/(app\.ts|app\/|transports\/|plugins\/)/,
  ws: /^src\/(app\.ts|transports\/|plugins\/|bench\/baselines\/)/,
  'eventsource-parser': /^src\/providers\//,
  jose: /^src\/plugins\/(tokens|published)\.ts$/,
  'env-schema': /^src\/config\.ts$/,
  'close-with-grace': /^src\/server\.ts$/,
  '@prometheus-io': /^src\/plugins\/met(er|rics)\.ts$/,
  'lit-html': /^web\/(views\/|race\/(views\/|race\.ts)|main\.ts|markdown)/,
  marked: /^web\/markdown/,
}

interface Import {
  readonly file: string
  readonly from: string
  readonly typeOnly: boolean
}

const files = globSync(['src/**/*.ts', 'web/**/*.ts'], { cwd: root }).sort()

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gm,
  )
  return [...statements].map(([, type, name, dynamic]) => ({
    file,
    from: name ?? dynamic ?? '',
    typeOnly: type !== undefined,
  }))
}

const roomOf = (file: string): string =>
  Object.keys(allowed).find(room => file === room || file.startsWith(`${room}/`)) ?? ''

const packageOf = (name: string): string =>
  name.startsWith('node:') ? name : (name.split('/')[0] ?? name)

const imports = files.flatMap(importsOf)
const ours = imports
  .filter(({ from }) => from.startsWith('.'))
  .map(one => ({ ...one, target: normalize(join(dirname(one.file), one.from)) }))

t.test('imports run in the allowed directions only', async t => {
  const wrong = ours.filter(({ file, target }) => {
    const room = roomOf(file)
    const may = [room, ...(allowed[room] ?? [])]
    return !may.some(place => target === place || target.startsWith(`${place}/`))
  })
  t.same(wrong, [])
  t.ok(ours.length > 100, 'and the imports were found')
})

t.test('every file is in a room', async t => {
  t.same(
    files.filter(file => roomOf(file) === '' && file !== 'web/vite.config.ts'),
    [],
  )
})

t.test('web takes nothing of the server but types', async t => {
  t.same(
    ours.filter(
      ({ file, target, typeOnly }) =>
        roomOf(file) === 'web' && !target.startsWith('web/') && !typeOnly,
    ),
    [],
  )
})

t.test('core imports no package and no node: module', async t => {
  t.same(
    imports.filter(({ file, from }) => roomOf(file) === 'src/core' && !from.startsWith('.')),
    [],
  )
})

t.test('packages are imported in their rooms only', async t => {
  const wrong = imports.filter(({ file, from }) => {
    const room = packages[packageOf(from)]
    return (
      !from.startsWith('.') &&
      room !== undefined &&
      !room.test(file) &&
      file !== 'web/vite.config.ts'
    )
  })
  t.same(wrong, [])
})

t.test('only config, and the doctor, read the environment', async t => {
  const readers = files.filter(file =>
    readFileSync(join(root, file), 'utf8').includes('process.env'),
  )
  // The doctor is a program by itself: its key need not stand in the list of processes.
  t.same(readers, ['src/config.ts', 'src/doctor/main.ts'])
})

t.test(`no file is longer than ${LONGEST} lines`, async t => {
  const all = [...files, ...globSync('test/**/*.ts', { cwd: root, exclude: ['test/clients/**'] })]
  const long = all.filter(
    file => readFileSync(join(root, file), 'utf8').split('\n').length - 1 > LONGEST,
  )
  t.same(long, [])
})

t.test('there are no barrels and no drawers for odds and ends', async t => {
  t.same(
    files.filter(file => /(^|\/)(index\.ts|utils?|helpers?|common)(\/|\.ts$|$)/.test(file)),
    [],
  )
})

t.test('the page never writes markup', async t => {
  const wrong = files.filter(
    file =>
      file.startsWith('web/') &&
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|unsafeHTML/.test(
        readFileSync(join(root, file), 'utf8').replace(/\/\/.*|\/\*[\s\S]*?\*\//g, ''),
      ),
  )
  t.same(wrong, [])
})
