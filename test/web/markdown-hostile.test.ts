/** Text that was made to do harm is drawn as text, and in time. */
import t from 'tap'
import { draw } from './drawn.ts'
import { elements, markup, textIn } from './fake-dom.ts'

/** What an answer may consist of, and nothing else. */
const allowed =
  /^(?:P|H[3-6]|UL|OL|LI|BLOCKQUOTE|CODE|STRONG|EM|DEL|SUP|A|SPAN|BR|HR|DIV|TABLE|THEAD|TBODY|TR|T[HD]|CHAT-CODE|CHAT-FORMULA)$/
const allowedAttributes = new Set([
  'href',
  'title',
  'target',
  'rel',
  'class',
  'start',
  'tabindex',
  'info',
  'closed',
  'display',
])

const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a](java\tscript:alert(1))',
  '[a](&#106;avascript:alert(1))',
  '[a](data:text/html,<script>alert(1)</script>)',
  '[a](vbscript:x) [b](//evil.example) [c](/api/ai/models)',
  '![a](https://evil.example/pixel.png)',
  '![a](javascript:alert(1))',
  '<javascript:alert(1)>',
  '[a]: javascript:alert(1)\n\n[a]',
  '[__proto__]: https://a.b\n\n[__proto__] [constructor]',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '```html" onmouseover="alert(1)\nx\n```',
  '<a href="https://evil.example" onclick="alert(1)">x</a>',
  '<style>*{background:url(https://evil.example)}</style>',
  '$\\href{javascript:alert(1)}{x}$ $$\\includegraphics{https://evil.example/x.png}$$',
  '[^<img src=x onerror=alert(1)>]',
]

void t.test('hostile text is shown as text', async t => {
  for (const text of hostile) {
    for (const element of elements(draw(text))) {
      if (!allowed.test(element.nodeName)) t.fail(`${text} made a ${element.nodeName}`)
      for (const { name, value } of element.attributes) {
        if (!allowedAttributes.has(name)) t.fail(`${text} set ${name}`)
        if (name === 'href') t.match(value, /^(?:https?:\/\/|mailto:)/, text)
      }
    }
  }
  t.match(markup(draw('<script>alert(1)</script>')), '"<script>alert(1)</script>"')
  t.match(markup(draw('![a](https://x.y/z)')), '<a href=https://x.y/z', 'an image is a link')
  t.match(markup(draw('[a](https://x.y)')), 'rel=noopener noreferrer nofollow')
})

const MB = 1_000_000
const fill = (text: string, size: number): string =>
  text.repeat(Math.ceil(size / text.length)).slice(0, size)

const heavy: Readonly<Record<string, string>> = {
  'ten thousand quotes': '> '.repeat(10_000) + 'x',
  'ten thousand lists': '- '.repeat(10_000) + 'x',
  'a line of a megabyte': fill('a', MB),
  'a line of a megabyte of words': fill('lorem **ipsum** `dolor` ', MB),
  'a megabyte of code': '```\n' + fill('let a = 1\n', MB),
  paragraphs: fill('hello *world* and `code` [x](http://y)\n\n', 300_000),
  items: fill('- item *one* [x]\n', 300_000),
  rows: 'a|b\n-|-\n' + fill('| one | *two* |\n', 300_000),
  dollars: fill('$a ', 300_000),
  'formulas that have no end': fill('$$\n{', 300_000),
  'quadratic emphasis': fill('a*_', 100_000),
  'quadratic brackets': fill('[a](', 100_000),
  'brackets and nothing in them': fill('[', 100_000),
  'brackets that are never closed, and a link': `${fill('[a ', 100_000)}\n\n[b]: https://c.d`,
  'quadratic formulas': fill('$x\\(\\[', 100_000),
  'lines that end like those of old': fill('```\r\nx\r\n```\r\n', 100_000),
  'a list a thousand deep': Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i * 2)}- x`).join(
    '\n',
  ),
}

void t.test('text that is made to hang a page does not', async t => {
  for (const [name, text] of Object.entries(heavy)) {
    const began = process.cpuUsage()
    const root = draw(text)
    t.ok(root.childNodes.length > 0, name)
    const { user } = process.cpuUsage(began)
    t.ok(user < 10_000_000, `${name} took ${Math.round(user / 1000)} ms`)
  }
})

void t.test('nothing of a long line is lost', async t => {
  const line = fill('word ', 300_000)
  t.equal(textIn(draw(line)).replaceAll(/\s/g, ''), line.replaceAll(' ', ''))
})
