import t from 'tap'
import { createMarkdown } from '../../web/markdown/markdown.ts'
import { draw } from './drawn.ts'
import { blocks, createRoot, markup, work } from './fake-dom.ts'

/** What is there of a text that may go on. */
function soFar(text: string): string {
  const root = createRoot()
  createMarkdown(root).add(text)
  return markup(root)
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
  tasks: '- [ ] open\n- [x] done\n\ntext',
  breaks: 'line one\nline two  \nline three\\\nfour\r\nfive\rsix\n\n***\n\n- - -\n',
  windows: 'one\r\n\r\n```sh\r\necho\r\n\r\n  two\r\n```\r\nthree\r\n',
  html: '<div onclick="x()">**bold**</div>\n\n<script>alert(1)</script>\n<b>x</b> &amp; &#x41; &nope; &lt;i&gt;',
  chinese: '# 标题\n\n**中文**，也有 `代码`。**注意：**这是\n\n1. 一\n2. 二\n\n> 引用\n',
  formulas:
    'see $x^2$ and:\n$$\na\n- b\n+ c\n$$\nso \\(y\\), not $5 or $6\n\n\\[\nz\n\\]\n\n$$\nopen',
  notes: 'said[^1] and[^two]\n\n[^1]: first\n[^two]: https://a.b\n\n[Ada]: Hello\n',
  'a long list': `before\n\n${'- item **b**\n- [ ] task\n  - under\n\n'.repeat(90)}\nafter\n`,
  'a long table': `a | b\n-|-\n${'| 1 | `2` |\n3 | **4**\n'.repeat(130)}\nafter\n`,
}

void t.test('a text that streams in looks at each step like one that came at once', async t => {
  for (const [name, text] of Object.entries(documents)) {
    const root = createRoot()
    const markdown = createMarkdown(root)
    const step = text.length > 1000 ? 97 : 1
    for (let end = 0; end < text.length; end += step) {
      markdown.add(text.slice(end, end + step))
      const once = soFar(text.slice(0, end + step))
      if (markup(root) !== once) t.equal(markup(root), once, `${name} up to ${end + step}`)
    }
    markdown.finish()
    t.equal(markup(root), markup(draw(text)), name)
  }
})

void t.test('what is finished is never touched again', async t => {
  const root = createRoot()
  const markdown = createMarkdown(root)
  markdown.add('# Title\n\nfirst paragraph\n\nsecond')
  const before = blocks(root)
  markdown.add(' grows **bold** and\n\n- a list')
  const after = blocks(root)
  t.equal(after.length, 4)
  t.equal(after[0], before[0])
  t.equal(after[1], before[1])
  t.equal(after[2], before[2], 'a paragraph that grows stays the same node')
})

void t.test('what is added costs the same, however much is there', async t => {
  const kinds = {
    mixed:
      '## Head\n\nsome *words* of text\n\n- a\n- b\n\n```js\nlet a = 1\n```\n\n|a|b|\n|-|-|\n|1|2|\n\n',
    code: 'const a = 1 // and so on\n',
    list: '- an item with `code` and more\n',
    table: '| a cell | and **another** |\n',
  }
  const heads: Readonly<Record<string, string>> = {
    code: '```ts\n',
    table: '| a | b |\n|---|---|\n',
  }
  for (const [kind, text] of Object.entries(kinds)) {
    const root = createRoot()
    const markdown = createMarkdown(root)
    markdown.add(heads[kind] ?? '')
    const cost = (chars: number): number => {
      const before = work.count
      for (let i = 0; i < chars; i += text.length)
        for (const piece of text.match(/[^]{1,9}/g) ?? []) markdown.add(piece)
      return work.count - before
    }
    cost(5000)
    const early = cost(5000)
    for (let i = 0; i < 100_000; i += text.length) markdown.add(text)
    const late = cost(5000)
    t.ok(
      late < early * 1.2,
      `${kind}: ${early} nodes changed, and ${late} after 100,000 characters`,
    )
  }
})

void t.test('a link that is defined after it was named becomes one at the end', async t => {
  const late = '\n\nand\n\n[this]: https://a.b/c\n[This]: https://second.one\n'
  const link = '<a href=https://a.b/c'
  t.match(markup(draw('see [this]', late)), link)
  t.match(markup(draw('- see [other]\n- see [this]', late)), `<li>"see "${link}`)
  t.match(markup(draw('a|b\n-|-\n[this]|2', late)), `<td>${link}`)
  const long = markup(draw('- item [this]\n'.repeat(300), late))
  t.equal(long.split(link).length - 1, 300)
  t.equal(long.split('start=').length - 1, 0)
})

void t.test('what names no link that there is stays as it was written', async t => {
  t.equal(
    markup(draw('[constructor] [toString][valueOf]')),
    '<p>"[constructor] [toString][valueOf]"</p>',
  )
  t.match(markup(draw('[Ada]: Hello')), '[Ada]: Hello')
})

void t.test('blocks look as they were meant', async t => {
  t.equal(markup(draw('# a')), '<h3>"a"</h3>')
  t.equal(markup(draw('- [x] a')), '<ul><li class=task>"☑ ""a"</li></ul>')
  t.equal(markup(draw('7. a')), '<ol start=7><li>"a"</li></ol>')
  t.equal(markup(draw('- a\n\n- b')), '<ul><li>"a"</li><li>"b"</li></ul>')
  t.match(markup(draw('|a|\n|:-:|\n|b|')), '<th class=center>"a"</th>')
  t.equal(markup(draw('a &amp; b &hellip; &bogus; &#0;')), '<p>"a & b … &bogus; \uFFFD"</p>')
  t.match(markup(draw('[a](https://b.c "d")')), '<a href=https://b.c title=d')
  t.equal(markup(draw('a[^1]\n\n[^1]: b')), '<p>"a"<sup>"1"</sup></p><p><sup>"1"</sup>" b"</p>')
})

void t.test('Chinese is emphasised without spaces', async t => {
  t.equal(markup(draw('**注意：**这是')), '<p><strong>"注意："</strong>"这是"</p>')
  t.equal(markup(draw('这是**“重点”**内容')), '<p>"这是"<strong>"“重点”"</strong>"内容"</p>')
  t.equal(markup(draw('2 ** 3 ** 4 是')), '<p>"2 ** 3 ** 4 是"</p>')
})

void t.test('a long list goes on in further lists, which count on', async t => {
  const items = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => `${from + i}. item ${from + i}\n`).join('')
  const seen = markup(draw(items(1, 50), items(50, 250)))
  t.equal(seen, markup(draw(items(1, 250))))
  t.strictSame(seen.match(/<ol[^>]*>/g), ['<ol>', '<ol start=101>', '<ol start=201>'])
  t.equal(seen.split('<li>').length - 1, 249)
})

void t.test('a block that is too long to be read as one is cut after a line', async t => {
  const line = `${'word '.repeat(20)}\n`
  const long = line.repeat(1000)
  const root = draw(`before\n\n`, ...(long.match(/[^]{1,999}/g) ?? []), '\n**after**')
  const seen = blocks(root)
  t.equal(seen.length, 15, 'a hundred kilobytes are 13 paragraphs')
  t.equal(
    seen.map(block => markup(block).match(/word/g)?.length ?? 0).reduce((a, b) => a + b),
    20_000,
  )
  t.ok(markup(root).endsWith('<p><strong>"after"</strong></p>'))
})
