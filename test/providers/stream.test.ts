import { createGzip } from 'node:zlib'
import t from 'tap'
import type { Heard } from '../support/hear.ts'
import * as script from '../support/script.ts'
import { type Step, chunk, chunks, end, finish, head, write } from '../support/script.ts'
import { prepare } from './ask.ts'

const line = (choice: object): string => `data: ${JSON.stringify(chunk(choice))}\n\n`
const text = (content: string): string => line({ delta: { content } })
const stop = line({ finish_reason: 'stop' })
const whole = `${text('Grüße, ')}${text('世界 🌍')}${stop}${script.DONE}`

/** Hear one answer of these steps. */
async function hear(t: Parameters<typeof prepare>[0], ...steps: Step[]): Promise<Heard> {
  return (await prepare(t)).ask(steps)
}

const said = { text: 'Grüße, 世界 🌍', finish: 'complete', error: undefined }

/** The same answer in all the ways in which it may be written. */
const spellings: readonly [fact: string, ...pieces: (string | Uint8Array)[]][] = [
  ['everything in one segment', whole],
  ['a byte at a time', ...Array.from(Buffer.from(whole), byte => Uint8Array.of(byte))],
  ['lines that end in CRLF', whole.replaceAll('\n', '\r\n')],
  ['lines that end in CR', whole.replaceAll('\n', '\r')],
  ['CRLF a character at a time', ...Array.from(whole.replaceAll('\n', '\r\n'))],
  ['a byte order mark', `\uFEFF${whole}`],
  ['blank lines before', `\n\n${whole}`],
  ['no space after the colon', whole.replaceAll('data: ', 'data:')],
  [
    'comments, ids, retries and unknown fields',
    `: hello\nid: 7\nretry: 10\nretry: soon\nfoo: bar\nfoo\n${whole.replaceAll('data', ': c\ndata')}`,
  ],
  ['event names', whole.replaceAll('data', 'event: message\ndata')],
  ['empty data', `data:\n\n${whole}`],
  ['JSON over several lines', whole.replaceAll(',"choices"', '\ndata: ,"choices"')],
  ['no blank line at the end', `${text('Grüße, ')}${text('世界 🌍')}${stop.trimEnd()}`],
  ['no [DONE]', `${text('Grüße, ')}${text('世界 🌍')}${stop}`],
  ['[DONE] twice', `${whole}${script.DONE}`],
  [
    'ghosts after [DONE]',
    `${whole}${text('ghost')}${line({ finish_reason: 'length' })}data: {\n\n`,
  ],
  ['ghosts after the finish', whole.replace(stop, stop + text('ghost') + stop)],
  [
    'an error after the finish',
    `${text('Grüße, ')}${text('世界 🌍')}${stop}data: {"error":{}}\n\n`,
  ],
  ['garbage after the finish', `${text('Grüße, ')}${text('世界 🌍')}${stop}data: {"cho`],
  ['events that say nothing', `data: null\n\ndata: 7\n\ndata: {"type":"ping"}\n\n${whole}`],
  [
    'choices that say nothing',
    `data: {"choices":[]}\n\ndata: {"choices":null}\n\ndata: {"choices":[null,{}]}\n\n${whole}`,
  ],
  [
    'deltas that say nothing',
    `${line({ delta: null })}${line({ delta: { content: null } })}${whole}`,
  ],
  [
    "the prelude of Azure's filter",
    `data: {"choices":[],"prompt_filter_results":[{"prompt_index":0}]}\n\n${whole}`,
  ],
  [
    'a second choice',
    `${line({ index: 1, delta: { content: 'no' }, finish_reason: 'length' })}${whole}`,
  ],
]

for (const [fact, ...pieces] of spellings) {
  t.test(`an answer is the same with ${fact}`, async t => {
    t.match(await hear(t, head(), write(...pieces), end), said)
  })
}

t.test('an emoji in two lone surrogates is joined', async t => {
  const half = (unit: string) => `data: {"choices":[{"delta":{"content":"${unit}"}}]}\n\n`
  const heard = await hear(
    t,
    head(),
    write(half('a\\ud83c'), half(''), half('\\udf0d\\ud83c'), half('\\udf0d'), stop),
    end,
  )
  t.equal(heard.text, 'a🌍🌍')
  t.ok(heard.batches.flat().every(said => !('text' in said) || said.text.isWellFormed()))
})

t.test('a lone surrogate without its other half is not lost', async t => {
  const heard = await hear(t, head(), write(text('a\ud83c'), stop), end)
  t.match(heard, { text: 'a\ud83c', finish: 'complete' })
})

t.test('invalid UTF-8 becomes U+FFFD', async t => {
  const [before, after] = text('a@b').split('@')
  const bytes = Buffer.concat([
    Buffer.from(before ?? ''),
    Buffer.of(0xff),
    Buffer.from(after ?? ''),
  ])
  t.match(await hear(t, head(), write(bytes, stop), end), { text: 'a\uFFFDb', finish: 'complete' })
})

t.test('reasoning is told apart from text, under either name and once', async t => {
  const heard = await hear(
    t,
    head(),
    chunks(
      { reasoning_content: 'let ', content: null },
      { reasoning: 'me ' },
      { reasoning_content: 'see', reasoning: 'see' },
      { reasoning: { not: 'a string' }, content: 'yes' },
    ),
    finish(),
    end,
  )
  t.match(heard, { reasoning: 'let me see', text: 'yes', finish: 'complete' })
})

const reasons = [
  ['stop', 'complete'],
  ['length', 'length'],
  ['content_filter', 'content_filter'],
  ['tool_calls', 'complete'],
  ['whatever', 'complete'],
] as const
for (const [theirs, ours] of reasons) {
  t.test(`the finish reason ${theirs} is ${ours}`, async t => {
    t.match(await hear(t, head(), chunks({ content: 'a' }), finish(theirs), end), { finish: ours })
  })
}

t.test('a machine that gave up has not finished', async t => {
  const heard = await hear(
    t,
    head(),
    chunks({ content: 'a' }),
    finish('insufficient_system_resource'),
  )
  t.match(heard, { text: 'a', finish: undefined, error: { code: 'provider_unavailable' } })
})

t.test('strange keys pollute nothing', async t => {
  const keys = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}'
  const event = `data: {${keys},"choices":[{${keys},"delta":{${keys},"content":"a"}}]}\n\n`
  t.match(await hear(t, head(), write(event, stop), end), { text: 'a', finish: 'complete' })
  t.notOk('polluted' in {})
})

t.test('1 MiB in one delta passes whole', async t => {
  const big = '0123456789abcdef'.repeat(65_536)
  const heard = await hear(t, head(), write(text(big), stop), end)
  t.ok(heard.text === big)
  t.equal(heard.finish, 'complete')
})

t.test('5,000 tokens in a burst all come, in order', async t => {
  const tokens = Array.from({ length: 5000 }, (_, n) => `${n} `)
  const heard = await hear(t, head(), write(tokens.map(text).join('') + stop), end)
  t.ok(heard.text === tokens.join(''))
})

const gzip = { 'content-encoding': 'gzip' }

t.test('a packed stream is unpacked while it comes', async t => {
  const { ask } = await prepare(t)
  const first = Promise.withResolvers<void>()
  const packed: Step = async ({ response }) => {
    const packer = createGzip()
    packer.pipe(response)
    packer.write(text('Hello '))
    packer.flush()
    await first.promise
    packer.end(text('world') + stop)
  }
  const heard = await ask([head(200, gzip), packed], { batch: () => first.resolve() })
  t.match(heard, { text: 'Hello world', finish: 'complete' })
})

t.test('comments alone are no progress', async t => {
  const { ask } = await prepare(t)
  const heard = await ask([head(), write(': ping\n\n', ': ping\n\n'), finish(), end])
  t.equal(heard.batches.length, 1)
})
