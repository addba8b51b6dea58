/** The READMEs: every recipe runs as it stands there, every setting is in the table. */
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import t from 'tap'
import { EnvSchema } from '../src/config.ts'
import { build } from './support/app.ts'
import { folderFor } from './support/folder.ts'

const run = promisify(execFile)

/** Debian's smallest install has no curl; what needs none is tried all the same. */
const hasCurl = spawnSync('curl', ['--version']).status === 0

interface Recipe {
  readonly name: string
  readonly language: string
  readonly code: string
}

const READMES = ['README.md', 'README.zh-CN.md'] as const
const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')

function recipes(text: string): Recipe[] {
  const found = text.matchAll(/<!-- recipe: ([\w-]+) -->\n```(\w+)\n([\s\S]*?)```/g)
  return [...found].map(([, name = '', language = '', code = '']) => ({ name, language, code }))
}

/** What each recipe must print: the proof that it did what the text around it says. */
const expected: Readonly<Record<string, RegExp>> = {
  sse: /"seq":1,"type":"started"[\s\S]*"type":"done","reason":"complete"/,
  post: /"params":\{"temperature":0\.2,"system":"Be brief\."\}[\s\S]*"type":"done"/,
  text: /^(?!.*"seq")[\s\S]*demo/i,
  json: /"status":"done"[\s\S]*1 2 3 4 5/,
  eventsource: /demo/i,
  websocket: /demo/i,
  'plain-socket': /20/,
  stop: /"end":\{"type":"done","reason":"stopped","by":"client"\}/,
  update: /"type":"updated"[\s\S]*"reason":"length"/,
  resume: /dropped after gen_[\w-]{22}:\d+\n[\s\S]*"type":"done","reason":"complete"/,
  history: /"head":"trn_[\s\S]*"conversations":\[\{[\s\S]*"excerpt":"Ada Lovelace, in 1843\."/,
  turns: /My name is Ada\.[\s\S]*"turns":\[[\s\S]*"title":"Ada"/,
}

/** The recipe with the address of a server of the test in the place of the default one. */
async function cook({ language, code }: Recipe, url: string, cwd: string): Promise<string> {
  const text = code
    .replaceAll('http://127.0.0.1:8080', url)
    .replaceAll('127.0.0.1:8080', new URL(url).host)
  const [command, args] =
    language === 'sh'
      ? ['bash', ['-euc', text]]
      : [
          process.execPath,
          ['--experimental-eventsource', '--no-warnings', '--input-type=module', '-e', text],
        ]
  const { stdout } = await run(command, args, { cwd, timeout: 60_000 })
  return stdout
}

for (const file of READMES) {
  t.test(`the recipes of ${file} do what they say`, async t => {
    const folder = folderFor(t)
    const app = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '100' } })
    const found = recipes(read(file))
    t.same(
      found.map(({ name }) => name).sort(),
      Object.keys(expected).sort(),
      'all recipes are there',
    )
    for (const recipe of found) {
      if (!hasCurl && recipe.language === 'sh') {
        t.pass(recipe.name, { skip: 'curl is not installed' })
        continue
      }
      t.match(await cook(recipe, app.url, folder), expected[recipe.name], recipe.name)
    }
  })

  t.test(`${file} has every setting with its default`, async t => {
    const rows = read(file).matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\| (.+) \|$/gm)
    const table = [...rows].map(([, name, value = '']) => [name, value])
    const settings = Object.entries(EnvSchema.properties).map(([name, schema]) => [
      name,
      String('default' in schema ? schema.default : ''),
    ])
    t.same(table, settings)
  })
}

t.test('the two READMEs say the same, section by section', async t => {
  const shape = (text: string): string[] =>
    [...text.matchAll(/^(#+) |^```(\w*)|<!-- recipe: ([\w-]+)/gm)].map(([match]) => match)
  const [english, chinese] = READMES.map(file => shape(read(file)))
  t.same(chinese, english)
})
