/** FAULTS.md names every fault once, and only tests that there are. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const here = import.meta.dirname

interface Proof {
  readonly row: string
  readonly file: string
  readonly title: string
}

const table = readFileSync(join(here, 'FAULTS.md'), 'utf8')
  .split('\n')
  .map(line => /^\| ([UCSX]\d+) +\| [^|]+ \| (.+?) +\|$/.exec(line))
  .filter(found => found !== null)
  .map(([, row = '', proofs = '']) => ({ row, proofs: proofs.split('<br>') }))

const proofs: readonly Proof[] = table.flatMap(({ row, proofs }) =>
  proofs.map(proof => {
    const [file = '', title = ''] = proof.split(' › ')
    return { row, file, title }
  }),
)

const numbered = (letter: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${letter}${from + i}`)

const literal = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')

/** Titles that a table of cases makes: what stands around `${…}`, and what is put in its place. */
function isMade(source: string, title: string): boolean {
  const templates = source.matchAll(/test\(\s*`([^`]*\$\{[^`]*)`/g)
  return [...templates].some(([, template = '']) => {
    const parts = template.split(/\$\{[^}]*\}/).map(literal)
    const filled = new RegExp(`^${parts.join('(.+)')}$`).exec(title)
    return filled !== null && filled.slice(1).every(one => isSaid(source, one))
  })
}

/** A string of the source, or a number in it. */
const isSaid = (source: string, word: string): boolean =>
  ["'", '"', '`'].some(quote => source.includes(quote + word + quote)) ||
  new RegExp(`[ ,(]${literal(word)}[,\\])]|\\b${literal(word)}:`).test(source)

const isTest = (source: string, title: string): boolean =>
  title.endsWith('…')
    ? ["'", '`'].some(quote => source.includes(quote + title.slice(0, -1)))
    : ["'", '"', '`'].some(quote => source.includes(quote + title + quote)) || isMade(source, title)

t.test('every row is there once, in its order', async t => {
  const found = proofs.filter(({ row }) => !row.startsWith('X')).map(({ row }) => row)
  const rows = [
    ...numbered('U', 1, 50),
    ...numbered('C', 1, 58),
    ...numbered('S', 1, 11),
    ...numbered('S', 19, 23),
  ]
  t.strictSame([...new Set(found)], rows)
  t.strictSame(
    table.map(({ row }) => row),
    [...new Set(table.map(({ row }) => row))],
    'none twice',
  )
})

t.test('every test that is named is there', async t => {
  t.ok(proofs.length > 150)
  for (const { row, file, title } of proofs) {
    const path = join(here, file)
    if (!existsSync(path)) t.fail(`${row}: there is no ${file}`)
    else t.ok(isTest(readFileSync(path, 'utf8'), title), `${row}: ${file} has no “${title}”`)
  }
})
