import t from 'tap'
import type { Message, Params } from '../../src/core/chunk.ts'
import { answer } from '../../src/providers/demo-answer.ts'

const label = 'built-in demo, not an AI'

const user = (content: string): Message => ({ role: 'user', content })

const ask = (content: string, params: Params = {}) => answer({ messages: [user(content)], params })

const goOn = (content: string, prefix: string, params: Params = {}) =>
  answer({ messages: [user(content)], params, prefix })

const numbersIn = (text: string): number[] =>
  (/^1[ \d\n]*$/m.exec(text)?.[0] ?? '').trim().split(/\s+/).map(Number)

const upTo = (top: number): number[] => Array.from({ length: top }, (_, index) => index + 1)

void t.test('the same prompt gets the same words', async t => {
  for (const question of ['hi', 'What is a stream?', 'think, then give a long answer'])
    t.same(ask(question), ask(question))
})

void t.test('every kind of answer says what it is and how to connect a model', async t => {
  for (const question of ['hi', 'What is a stream?', 'a long answer', 'count to 3', '']) {
    const { text } = ask(question)
    t.match(text, label)
    for (const name of ['OPENAI_API_KEY', 'DEEPSEEK_API_KEY', 'LOCAL_BASE_URL', 'LOCAL_MODEL'])
      t.equal(text.split(name).length, 2, `${name} once in the answer to ${question}`)
  }
  t.match(ask('什么是流？').text, '这是内置演示，不是人工智能')
  t.match(answer({ messages: [], params: {} }).text, label)
})

void t.test('an answer holds every kind of Markdown', async t => {
  const { text } = ask('What is a stream?')
  t.match(text, /^## /m, 'heading')
  t.match(text, /^- \*\*Bold\*\*/m, 'list and bold')
  t.match(text, /^\| --- \| --- \|$/m, 'table')
  t.match(text, /^```js\n[^`]+\n```$/m, 'fenced code')
  t.match(text, /\[link\]\(https:/, 'link')
  for (const said of ['你好', '👩‍💻', '🇨🇳']) t.match(text, said)
})

void t.test('the language follows the last message of the user', async t => {
  for (const question of ['什么是流？', '用 TypeScript 写一个 hello world 程序', '数到3'])
    t.match(ask(question).text, '内置演示', question)
  for (const question of ['What is 流式传输 in English?', '🤖', '1 + 1', 'What is a stream?'])
    t.match(ask(question).text, label, question)
  const { text } = answer({ messages: [user('什么是流？'), user('And now?')], params: {} })
  t.match(text, label)
})

void t.test('counts to the number asked for', async t => {
  for (const question of [
    'count to 300',
    'Count from 1 to 300, please',
    '数到300',
    '从1数到３００',
  ]) {
    t.same(numbersIn(ask(question).text), upTo(300), question)
  }
  for (const top of ['99999', '20,000', '9'.repeat(500)])
    t.same(numbersIn(ask(`count to ${top}`).text), upTo(10_000))
  t.same(numbersIn(ask('count to 0').text), [1])
})

void t.test('shows the context it was given', async t => {
  const messages: Message[] = [
    { role: 'system', content: 'Be brief' },
    user('first'),
    { role: 'assistant', content: 'An answer' },
    user('second\n# `x` | \u202E<b>'),
    user(`third ${'y'.repeat(1000)}`),
  ]
  const { text } = answer({ messages, params: {} })
  t.match(text, '**5 messages**')
  t.match(text, 'There is a system message: `Be brief`.')
  t.match(text, 'Before that you said: `first` · `second # ˋxˋ | <b>`.')
  t.match(text, `last one says: \`third ${'y'.repeat(54)}…\`.`)
  t.notMatch(ask('What?').text, /system message|Before that|Settings/)
  t.match(ask('What?').text, '**1 message**')
  t.match(ask(' \n').text, 'last one says: `nothing`')
})

void t.test('a quote is cut between whole characters', async t => {
  const { text } = ask('👩‍💻'.repeat(100))
  t.match(text, `\`${'👩‍💻'.repeat(60)}…\``)
  t.ok(ask(`${'a'.repeat(479)}👍 and more`).text.isWellFormed())
  t.ok(ask('half \ud83d of a pair').text.isWellFormed())
})

void t.test('settings are mentioned and change nothing else', async t => {
  const params: Params = { seed: 7, temperature: 0.2, top_p: 1, stop: ['no such words'] }
  const { text } = ask('What is a stream?', params)
  const line = /^Settings: .*\n\n/m
  t.match(text, 'Settings: `temperature 0.2`, `top_p 1`, `seed 7`, `stop` × 1.')
  t.equal(text.replace(line, ''), ask('What is a stream?').text)
})

void t.test('reasons only when asked to', async t => {
  for (const question of ['think about it', 'What is your reasoning?', '请思考一下']) {
    t.ok(ask(question).reasoning.length > 40, question)
  }
  t.equal(ask('What is a stream?').reasoning, '')
  t.match(ask('What is a stream?').text, '| `think` | reasoning first |')
  t.equal(goOn('think', '**This').reasoning, '', 'an answer begun is not reasoned again')
})

void t.test('a prefix is continued exactly where it ends, wherever that is', async t => {
  const { text } = ask('What is a stream?')
  for (let at = 0; at <= text.length; at += 1) {
    const rest = goOn('What is a stream?', text.slice(0, at)).text
    if (rest !== text.slice(at)) t.fail(`differs at ${at}`)
  }
})

void t.test('counting goes on undisturbed by new settings', async t => {
  const { text } = ask('count to 300')
  const prefix = text.slice(0, text.indexOf(' 137') + 3)
  const { text: rest } = goOn('count to 300', prefix, { temperature: 1 })
  t.same(numbersIn(prefix + rest), upTo(300))
})

void t.test('after a prefix said under other settings nothing is repeated', async t => {
  const { text } = ask('What is a stream?')
  const at = text.indexOf('| `think`')
  const { text: rest } = goOn('What is a stream?', text.slice(0, at), { temperature: 0.2 })
  t.ok(rest.startsWith('| `think` | reasoning first |\n\n*(From here on'), 'the table is finished')
  t.match(rest, '`temperature 0.2`')
  for (const block of text.split('\n\n'))
    t.equal((text.slice(0, at) + rest).split(block).length, 2, `once: ${block}`)
})

void t.test('a foreign prefix is joined with a sentence, its code block closed first', async t => {
  const { text } = goOn('What is a stream?', 'Once upon a time\n\n~~~js\nlet x = `')
  t.match(text, /^\n~~~\n\n\*\(From here on the built-in demo, which is not an AI/)
  const plain = goOn('什么是流？', '从前有一座山')
  t.match(plain.text, /^\n\n\*（从这里起/)
  t.match(plain.text, '**这是内置演示')
})
