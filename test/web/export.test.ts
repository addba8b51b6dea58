/** Conversations as files: nothing of what was said is lost in them, and what is no such file is told. */
import { Lexer } from 'marked'
import t from 'tap'
import { FORMAT, VERSION, exported } from '../../web/export-json.ts'
import { markdownOf } from '../../web/export-markdown.ts'
import { openFence } from '../../web/fence.ts'
import { filename } from '../../web/filename.ts'
import { readExport } from '../../web/import.ts'
import type { ConversationWithTurns, Model, Turn } from '../../web/state.ts'
import type { Language } from '../../web/words/words.ts'

const at = Date.UTC(2026, 10, 23, 14, 5)
const models: readonly Model[] = [
  { id: 'm', label: 'Model M', provider: 'x', ready: true, contextWindow: 1, preferred: true },
]
const question = (content: string, rest: Partial<Turn> = {}): Turn => ({
  id: 'q',
  parent: null,
  role: 'user',
  content,
  at,
  ...rest,
})
const answer = (content: string, rest: Partial<Turn> = {}): Turn => ({
  ...question(content),
  id: 'a',
  parent: 'q',
  role: 'assistant',
  model: 'm',
  end: { type: 'done', reason: 'complete' },
  ...rest,
})
const conversation = (turns: Turn[], rest: Partial<ConversationWithTurns> = {}) => ({
  id: 'cnv',
  title: 'A title',
  createdAt: 1,
  updatedAt: 2,
  head: turns.at(-1)?.id ?? null,
  turns,
  ...rest,
})
const markdown = (turns: Turn[], language: Language = 'en', rest = {}): string =>
  markdownOf(conversation(turns, rest), { language, models, timeZone: 'UTC' })

void t.test('Markdown has the version that is shown, with names and dates', async t => {
  const turns = [
    question('Why?'),
    answer('Because.', { id: 'old' }),
    answer('So.', { reasoning: 'Hm.\n\n> no\n' }),
    question('And?', { id: 'q2', parent: 'a' }),
    answer('Half', {
      id: 'a2',
      parent: 'q2',
      model: 'gone-model',
      end: { type: 'done', reason: 'stopped', by: 'client' },
    }),
  ]
  t.equal(
    markdown(turns),
    `# A title

## You · Nov 23, 2026, 2:05 PM

Why?

## Assistant (Model M) · Nov 23, 2026, 2:05 PM

> **Reasoning**
>
> Hm.
>
> > no
>

So.

## You · Nov 23, 2026, 2:05 PM

And?

## Assistant (gone-model) · Nov 23, 2026, 2:05 PM

Half

*Stopped.*
`,
  )
  t.match(markdown(turns.slice(0, 3), 'zh'), /^## 你 · 2026年11月23日 14:05$/m)
  t.match(markdown(turns.slice(0, 3), 'zh'), /^## 助手（Model M） · [\s\S]*^> \*\*思考过程\*\*$/m)
})

void t.test('Markdown says how an answer ended that did not end by itself', async t => {
  const failed = { type: 'failed', code: 'provider_broken', message: 'x', retryable: true } as const
  t.match(
    markdown([question('?'), answer('Ha', { end: failed })]),
    /\n\nHa\n\n\*The answer broke off\.\*\n$/,
  )
  const { end: _, ...live } = answer('Ha', { generation: 'gen' })
  t.match(markdown([question('?'), live]), /\n\nHa\n\n\*This answer was still being written when/)
  t.match(markdown([question('?'), { ...live, content: '' }]), /PM\n\n\*This answer/)
  const { generation: __, ...imported } = live
  t.match(markdown([question('?'), imported]), /\n\nHa\n$/, 'nobody knows of an imported one')
})

void t.test('a title is one heading, whatever it holds', async t => {
  const headings = (title: string): string[] =>
    new Lexer()
      .lex(markdown([question('?')], 'en', { title }))
      .flatMap(token =>
        token.type === 'heading' ? [String(token['text']).split(' · ')[0] ?? ''] : [],
      )
  t.strictSame(headings(' a\n# b\r\n\u2028c '), ['a # b c', 'You'])
  t.strictSame(headings(' \n'), ['Untitled', 'You'])
  const titled = (title: string): string => markdown([question('?')], 'en', { title })
  t.match(
    titled('<b>bold</b> &amp; *so* [on](x)'),
    '# \\<b>bold\\</b> \\&amp; \\*so\\* \\[on\\](x)\n',
  )
  t.match(titled('C #'), '# C \\#\n')
})

void t.test('what was said stands in Markdown as it was said, code and all', async t => {
  const said = [
    '```js\nconst a = `b`\n```',
    '````md\n```js\nx\n```\n````',
    '~~~\n```\n~~~',
    '- item\n  ```\n  code\n  ```\n- more',
    'text\r\n\ttab  \n\n\n# heading\n\n    indented',
    '\n\nleading\u0000\u2028\n',
    '1. one\n\n   ```\n   open in a list',
  ]
  for (const content of said) {
    t.ok(markdown([question(content)]).includes(`\n\n${content}\n`))
    t.ok(markdown([question('?'), answer(content)]).endsWith(`\n\n${content}\n`))
  }
})

void t.test('a code block that is left open does not swallow what comes after it', async t => {
  const opens = [
    ['```', 'a\n\n```js\nconst a'],
    ['~~~~', '~~~~\n~~~\n```'],
    ['```', '```\na\n```\n```'],
    ['````', '````md\n```\n'],
    ['```', ' ```\na'],
    ['```', '- a\n\nb\n\n ```\nc'],
  ]
  const closed = [
    '',
    'a',
    '```\na\n```',
    '```\na\n`````  ',
    '``` a`b\nc',
    '~~~ `a\n~~~',
    '    ```\na',
    '- a\n  ```\n  b',
    ' ```\na\n```',
    'inline ``` a',
  ]
  for (const [fence = '', text = ''] of opens) {
    t.equal(openFence(text), fence, JSON.stringify(text))
    t.ok(markdown([question('?'), answer(text)]).includes(text))
  }
  for (const text of closed) t.equal(openFence(text), undefined, JSON.stringify(text))
  for (const text of [...closed, ...opens.map(([, text]) => text ?? '')]) {
    const whole = markdown([
      question('?'),
      answer(text, { reasoning: '```\nnever closed' }),
      question('after', { id: 'q2', parent: 'a' }),
    ])
    const after = new Lexer().lex(whole).filter(token => token.type === 'heading')
    t.match(after.at(-1), { depth: 2, text: /^You/ }, JSON.stringify(text))
  }
})

void t.test('JSON has everything but what belongs to the server', async t => {
  const turns = [
    question('half of 🎉: \ud83c'),
    answer('x', { generation: 'gen_1', params: { stop: ['a'] }, reasoning: 'r' }),
    answer('y', { id: 'b', generation: 'gen_2' }),
  ]
  const text = exported(conversation(turns, { head: 'a' }))
  const { generation: _, ...first } = turns[1] ?? answer('')
  t.match(JSON.parse(text), {
    format: FORMAT,
    version: VERSION,
    title: 'A title',
    createdAt: 1,
    updatedAt: 2,
    head: 'a',
    turns: [turns[0], first, { content: 'y' }],
  })
  t.notMatch(text, /generation|"cnv"/)
  t.equal(Buffer.from(text, 'utf8').toString('utf8'), text, 'and goes through UTF-8 unchanged')
})

void t.test('a file name is taken by every system', async t => {
  const names: [string, string][] = [
    ['Bread, 面包 & Brötchen 🥖', 'Bread, 面包 & Brötchen 🥖.md'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a b c d e f g h i j.md'],
    ['../../etc/passwd', 'etc passwd.md'],
    ['  .hidden. ', 'hidden.md'],
    ['con', '_con.md'],
    ['LPT1.txt', '_LPT1.txt.md'],
    ['console', 'console.md'],
    ['line\nbreak\ttab\0nul\u2028end', 'line break tab nul end.md'],
    ['exe\u202efdp', 'exe fdp.md'],
    ['half \ud83d', 'half.md'],
    ['👩‍👩‍👧‍👦 family', '👩‍👩‍👧‍👦 family.md'],
    ['', 'conversation.md'],
    ['???', 'conversation.md'],
  ]
  for (const [title, name] of names) t.equal(filename(title, 'md'), name)
  const long = filename('字'.repeat(200), 'json')
  t.equal(long, `${'字'.repeat(40)}.json`)
  t.ok(Buffer.byteLength(filename('👩‍👩‍👧‍👦'.repeat(50), 'json')) < 130)
})

void t.test('a file that cannot be imported is told before it is sent', async t => {
  const read = (text: string, importBytes?: number) =>
    readExport(new File([text], 'some.json'), importBytes)
  const ours = exported(conversation([question('?')]))
  t.strictSame(await read(ours), { text: ours })
  t.strictSame(await read(`\ufeff${ours}`), { text: ours }, 'a mark at the start is no fault')
  const code = async (text: string, importBytes?: number): Promise<unknown> => {
    const result = await read(text, importBytes)
    return 'notice' in result ? result.notice.code : undefined
  }
  t.equal(await code('{"format":'), 'file_not_json')
  t.equal(await code(''), 'file_not_json')
  for (const text of ['{}', 'null', '[]', '1', '"x"', '{"format":"other"}']) {
    t.equal(await code(text), 'file_foreign', text)
  }
  t.equal(await code(JSON.stringify({ format: FORMAT, version: 2 })), 'file_newer')
  t.equal(await code(ours, ours.length), undefined)
  t.equal(await code(ours, ours.length - 1), 'file_too_large')
  t.match(await read('x'.repeat(3_000_000), 262_144), {
    notice: { code: 'file_too_large', message: 'some.json: 2.9 MB > 256 KB' },
  })
})
