/** What the bench makes of its command line. */
import t from 'tap'
import { defaults, readOptions } from '../../src/bench/options.ts'

const refusal = (...args: string[]): string => {
  try {
    readOptions(args)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

t.test('nothing asked for is everything by default', async t => {
  t.same(readOptions([]), defaults)
})

t.test('everything can be asked for', async t => {
  const line =
    '--streams 1,10 --rate 2.5 --chunks 30 --rounds 7 --seconds 3 --only first,pace --store memory --out there'
  t.same(readOptions(line.split(' ')), {
    streams: [1, 10],
    rate: 2.5,
    chunks: 30,
    rounds: 7,
    seconds: 3,
    only: ['first', 'pace'],
    baseUrl: undefined,
    model: undefined,
    stores: ['memory'],
    out: 'there',
  })
})

t.test('a server elsewhere is named by its address, and its model with it', async t => {
  const options = readOptions(['--base-url', 'http://10.0.0.1:8080', '--model', 'demo'])
  t.equal(options?.baseUrl?.host, '10.0.0.1:8080')
  t.equal(options?.model, 'demo')
})

t.test('a level that is named twice is one level', async t => {
  t.same(readOptions(['--streams', '5,5'])?.streams, [5])
})

t.test('help is asked for by either name', async t => {
  t.equal(readOptions(['--help']), undefined)
  t.equal(readOptions(['-h']), undefined)
})

t.test('what is wrong is said in one sentence that says what is right', async t => {
  t.equal(
    refusal('--streams', '1,0'),
    '--streams takes whole numbers from 1 to 9999999, and not "0".',
  )
  t.equal(
    refusal('--rounds', 'many'),
    '--rounds takes whole numbers from 1 to 9999999, and not "many".',
  )
  t.equal(refusal('--rate', '-1').split('\n').length, 1)
  t.equal(refusal('--rate=0'), '--rate takes a number above 0, at most 10000, and not "0".')
  t.equal(refusal('--store', 'redis'), '--store takes any of sqlite, memory, and not "redis".')
  t.match(refusal('--only', 'speed'), /^--only takes any of first, pace, .*and not "speed"\.$/)
  t.match(refusal('--base-url', 'ftp://x'), /^--base-url takes an address as http:/)
  t.match(refusal('--model', 'demo'), /give that too\.$/)
  t.match(refusal('--fast'), /--fast.*: --help lists the options\.$/)
  t.match(refusal('fast'), /: --help lists the options\.$/)
})
