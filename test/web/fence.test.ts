/** What stands in a block of code is what the model wrote. */
import t from 'tap'
import { fileName, languageOf } from '../../web/code/languages.ts'
import { draw } from './drawn.ts'
import { elements, textIn } from './fake-dom.ts'

const codes = (...pieces: string[]): string[] =>
  elements(draw(...pieces))
    .filter(({ nodeName }) => nodeName === 'CHAT-CODE')
    .map(textIn)

void t.test('code is byte for byte what was written', async t => {
  const written: Readonly<Record<string, string>> = {
    '```\na\n```': 'a\n',
    '```\n\n  a\t\n\n```\n': '\n  a\t\n\n',
    '```\n```': '',
    '````md\n```js\nx\n```\n````': '```js\nx\n```\n',
    '~~~\n```\n~~~': '```\n',
    '  ```\n  a\n    b\n c\n  ```': 'a\n  b\nc\n',
    '```\na\r\nb\r\n\r\n```\r\n': 'a\r\nb\r\n\r\n',
    '```\n<b>&amp;\u0000\u2028\u{1f600}\n```': '<b>&amp;\u0000\u2028\u{1f600}\n',
    '```\nnever closed': 'never closed',
    '```\nalmost\n``': 'almost\n``',
    '- a\n  ```\n  b\n    c\n  ```\n- d': 'b\n  c\n',
    '> ```\n> a\n> ```': 'a\n',
    '    a\n\n      b\n': 'a\n\n  b\n',
  }
  for (const [text, code] of Object.entries(written)) {
    t.strictSame(codes(text), [code], encodeURI(text))
    t.strictSame(codes(...text.split('')), [code], 'and where it comes character by character')
  }
})

void t.test('a language has a name and its files an ending', async t => {
  t.equal(languageOf('ts').name, 'TypeScript')
  t.equal(languageOf('C++').grammar, 'cpp')
  t.equal(languageOf('brainfuck').name, 'brainfuck')
  t.equal(languageOf('').name, '')
  t.equal(languageOf('constructor').grammar, undefined)
  const files = {
    ts: 'code.ts',
    py: 'code.py',
    '': 'code.txt',
    dockerfile: 'Dockerfile',
    'ts title="src/app.ts"': 'app.ts',
    'js:lib/main.mjs': 'main.mjs',
    'c ../../etc/passwd': 'code.c',
    'sh filename=.bashrc': 'code.sh',
  }
  for (const [info, file] of Object.entries(files)) t.equal(fileName(info), file, info)
})
