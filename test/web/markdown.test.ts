import t from 'tap'
import { createMarkdown } from '../../web/markdown/markdown.ts'
import { createRoot, elements, markup } from './fake-dom.ts'

/** The text drawn after each of `pieces`, in one go after the other. */
function draw(...pieces: readonly string[]): HTMLElement {
  const root = createRoot()
  const markdown = createMarkdown(root)
  let text = ''
  for (const piece of pieces) markdown.write((text += piece))
  markdown.finish()
  return root
}

const documents: Readonly<Record<string, string>> = {
  headings: '# One\n\ntext under it\nand more\n\nSetext\n===\n\n## Two ##\n#no\n',
  lists: '- a\n- b\n  - c\n\n    still c\n- d\n\n1. one\n2. two\n\n3. three\n\n* x\n+ y\n\nend',
  numbers: 'Steps:\n1. a\n2. b\n10) c\n\n5. five\n\n\n6. six\n- other\n---\n',
  code: 'see:\n```ts\nconst a = `b`\n\n# no heading\n```\nafter\n\n    indented\n\n    code\n\n~~~\nopen',
  table: 'a | b\n--|:-:\n1 | **2**\n3 | `4`\n\n| not a table\n\n|x|y|\n|-|-|\n|1|2|\n\nend',
  quotes: '> quoted\nlazy\n>\n> - list\n> - more\n\nout\n> again\n\n>> deep\n',
  inline:
    '*em* **strong** ***both*** ~~del~~ `code` \\*no\\* a_b_c <https://a.b/c> https://x.y?z=1 m@n.o',
  links:
    '[one](https://a.b "t") [two][ref] [ref]\n\n[ref]: https://c.d\n\n![pic](https://e.f/g.png)',
  tasks: '- [ ] open\n- [x] done\n\ntext',
  breaks: 'line one\nline two  \nline three\\\nfour\r\nfive\rsix\n\n***\n\n- - -\n',
  html: '<div onclick="x()">**bold**</div>\n\n<script>alert(1)</script>\n<b>x</b> &amp; &#x41; &nope; &lt;i&gt;',
  chinese: '# 标题\n\n**中文**，也有 `代码`。\n\n1. 一\n2. 二\n\n> 引用\n',
}

void t.test('a text that streams in looks at each step like one that came at once', async t => {
  for (const [name, text] of Object.entries(documents)) {
    const root = createRoot()
    const markdown = createMarkdown(root)
    for (let end = 1; end <= text.length; end++) {
      markdown.write(text.slice(0, end))
      // Definitions that came later are looked at by finish() only.
      if (name === 'links') continue
      const once = markup(draw(text.slice(0, end)))
      if (markup(root) !== once) t.equal(markup(root), once, `${name} up to ${end}`)
    }
    markdown.finish()
    t.equal(markup(root), markup(draw(text)), name)
  }
})

void t.test('what is finished is never touched again', async t => {
  const root = createRoot()
  const markdown = createMarkdown(root)
  markdown.write('# Title\n\nfirst paragraph\n\nsecond')
  const before = [...root.childNodes]
  markdown.write('# Title\n\nfirst paragraph\n\nsecond grows **bold** and\n\n- a list')
  t.equal(root.childNodes[0], before[0])
  t.equal(root.childNodes[1], before[1])
  t.equal(root.childNodes[2], before[2], 'a paragraph that grows stays the same node')
  t.equal(root.childNodes.length, 4)
})

void t.test('a text that does not go on from the one before is drawn anew', async t => {
  t.equal(markup(draw('one\n\ntwo')), '<p>"one"</p><p>"two"</p>')
  const root = createRoot()
  const markdown = createMarkdown(root)
  markdown.write('one\n\ntwo')
  markdown.write('three')
  t.equal(markup(root), '<p>"three"</p>')
})

void t.test('a link that is defined after it was named becomes one at the end', async t => {
  const root = draw('see [this]\n\n', 'and\n\n', '[this]: https://a.b/c\n')
  t.match(markup(root), '<a href=https://a.b/c')
})

void t.test('blocks look as they were meant', async t => {
  t.equal(markup(draw('# a')), '<h3>"a"</h3>')
  t.equal(markup(draw('- [x] a')), '<ul><li>"☑ ""a"</li></ul>')
  t.equal(markup(draw('7. a')), '<ol start=7><li>"a"</li></ol>')
  t.equal(
    markup(draw('```js\na<b\n```')),
    '<pre data-language=js tabindex=0><code>"a<b"</code></pre>',
  )
  t.match(markup(draw('|a|\n|:-:|\n|b|')), '<th class=center>"a"</th>')
  t.equal(markup(draw('a &amp; b &hellip; &bogus; &#0;')), '<p>"a & b … &bogus; \uFFFD"</p>')
})

/** What an answer may consist of, and nothing else. */
const allowed =
  /^(?:P|H[3-6]|UL|OL|LI|BLOCKQUOTE|PRE|CODE|STRONG|EM|DEL|A|SPAN|BR|HR|DIV|TABLE|THEAD|TBODY|TR|T[HD])$/
const allowedAttributes = new Set([
  'href',
  'target',
  'rel',
  'class',
  'start',
  'tabindex',
  'data-language',
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
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '```html" onmouseover="alert(1)\nx\n```',
  '<a href="https://evil.example" onclick="alert(1)">x</a>',
  '<style>*{background:url(https://evil.example)}</style>',
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
  'a megabyte of paragraphs': fill('hello *world* and `code` [x](http://y)\n\n', MB),
  'quadratic emphasis': fill('a*_', 100_000),
  'quadratic brackets': fill('[a](', 100_000),
  'a list a thousand deep': Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i * 2)}- x`).join(
    '\n',
  ),
}

void t.test('text that is made to hang a page does not', async t => {
  for (const [name, text] of Object.entries(heavy)) {
    const began = performance.now()
    const root = draw(text)
    t.ok(root.childNodes.length > 0, name)
    const ms = Math.round(performance.now() - began)
    t.ok(ms < 10_000, `${name} took ${ms} ms`)
  }
})

void t.test('a block that is too long to be formatted is shown in full', async t => {
  const long = fill('word ', 60_000)
  const text = `before\n\n${long}\n\n**after**`
  const pieces = Array.from({ length: Math.ceil(text.length / 999) }, (_, i) =>
    text.slice(i * 999, (i + 1) * 999),
  )
  t.equal(
    markup(draw(...pieces)),
    `<p>"before"</p><p class=plain>"${long}"</p><p><strong>"after"</strong></p>`,
  )
})
