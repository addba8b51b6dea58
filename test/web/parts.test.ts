import t from 'tap'
import { type Changed, changed, partsOf } from '../../web/parts.ts'
import { changed as serverChanged } from '../../src/core/changed.ts'

const at = (offset: number, mode: Changed['mode'] = 'continue'): Changed => ({
  offset,
  mode,
  model: 'm',
  params: {},
})
const texts = (text: string, ...changes: readonly Changed[]): string[] =>
  partsOf(text, changes).map(part => part.text)
/** The second half of a text that is cut where `^` stands. */
const half = (text: string): string | undefined =>
  texts(text.replace('^', ''), at(text.indexOf('^'))).at(-1)

void t.test('an answer is cut where its settings changed', async t => {
  t.strictSame(texts('one two'), ['one two'])
  t.strictSame(texts('one two three', at(3), at(7)), ['one', 'two', 'three'])
  t.strictSame(texts('new', at(0, 'restart')), ['new'], 'nothing stands before a restart')
  t.strictSame(texts('one', at(3)), ['one', ''], 'nothing has come yet')
})

void t.test('a fenced block goes on behind the cut', async t => {
  t.equal(half('a\n```js\nlet a\n^let b\n```\nend'), '```js\nlet b\n```\nend')
  t.equal(half('~~~~\n```\n^x\n~~~~'), '~~~~\nx\n~~~~')
  t.equal(half('```js\na\n```\n^b'), 'b', 'but not one that was closed')
  t.equal(half('``` a ``` b ^c'), 'c', 'nor code within a line')
  t.equal(half('- x\n\n    ```sh\n    a\n^    b\n    ```\n    c'), '```sh\nb\n```\n    c')
})

void t.test('a table goes on behind the cut', async t => {
  const head = '| a | b |\n| --- | :-: |\n'
  t.equal(half(`text\n\n${head}| 1 | 2 |\n^| 3 | 4 |`), `${head}| 3 | 4 |`)
  t.equal(half(`${head}| 1 | 2 |\n^\nafter`), '\nafter', 'but not what follows it')
})

void t.test('what is cut in the middle of a line begins nothing', async t => {
  t.equal(half('in 19^69. It was'), '69\\. It was')
  t.equal(half('5 ^* 3 = 15'), '\\* 3 = 15')
  t.equal(half('see ^# 4'), '\\# 4')
  t.equal(half('a ^--- b'), '--- b')
  t.equal(half('a ^---\nb'), '\\---\nb')
  t.equal(half('so ^**bold** it'), '**bold** it')
  t.equal(half('list:\n^- one'), '- one', 'unless the line begins there')
  t.equal(half('word ^    more'), 'more', 'nor is it code')
})

void t.test('the page and the server mark the same places', async t => {
  const update = { generation: 'g', seq: 1, type: 'updated', model: 'm', params: {} } as const
  const steps = [
    ['continue', ''],
    ['restart', 'one'],
    ['continue', ''],
    ['continue', 'one'],
    ['continue', 'one'],
    ['continue', 'one two'],
  ] as const
  let here: readonly Changed[] = []
  let there: ReturnType<typeof serverChanged> = []
  for (const [mode, text] of steps) {
    here = changed(here, { ...update, mode }, text)
    there = serverChanged(there, { ...update, mode }, text)
    t.same(here, there)
  }
  t.same(
    here.map(({ offset, mode }) => [offset, mode]),
    [
      [0, 'restart'],
      [3, 'continue'],
      [7, 'continue'],
    ],
  )
})
