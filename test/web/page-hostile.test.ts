/** Text of a model in Chromium that was made to do harm: nothing runs, nothing leaves, nothing hangs. */
import t from 'tap'
import { type Visitor, closeBrowser, scene } from './page.ts'
import { told } from './telling.ts'

t.setTimeout(200_000)
t.teardown(closeBrowser)

const evil = 'https://evil.example'
const hostile: Readonly<Record<string, string>> = {
  scripts: `<script>hacked=1</script>\n\n<script src=${evil}/x.js></script>\n\n<svg><script>hacked=1</script></svg>`,
  handlers:
    '<img src=x onerror=hacked=1> <svg/onload=hacked=1> <body onload=hacked=1> <details open ontoggle=hacked=1>',
  frames: `<iframe srcdoc="<script>top.hacked=1</script>"></iframe><object data=${evil}></object><embed src=${evil}>`,
  styles: `<style>@import '${evil}/x.css'; *{background:url(${evil}/x.png)}</style><link rel=stylesheet href=${evil}/x.css>`,
  forms: `<form action=${evil}><input name=q autofocus onfocus=hacked=1><button formaction=javascript:hacked=1>`,
  refresh: `<meta http-equiv=refresh content="0;url=${evil}"><base href=${evil}>`,
  'addresses of scripts':
    '[a](javascript:hacked=1) [b](JaVaScRiPt:hacked=1) [c](java\tscript:hacked=1) [d](&#106;avascript:hacked=1) <javascript:hacked=1>',
  'other addresses':
    '[a](data:text/html,<script>hacked=1</script>) [b](vbscript:x) [c](//evil.example) [d](/api/ai/models) [e](file:///etc/passwd) [f](blob:x)',
  'defined addresses': '[a]: javascript:hacked=1\n[b]: data:text/html,x\n\n[a] [b] [constructor]',
  images: `![a](${evil}/pixel.png) ![b](${evil}/x.svg "t") [![c](${evil}/c.png)](${evil}) ![d](javascript:hacked=1)`,
  'broken markup':
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=hacked=1&gt;">',
  'fences and titles':
    '```html" onmouseover="hacked=1\n<script>hacked=1</script>\n```\n\n[a](https://a.b "\\" onmouseover=hacked=1 x=\\"")',
  formulas: `$\\href{javascript:hacked=1}{x}$ $$\\includegraphics{${evil}/x.png}$$ $\\htmlStyle{background:url(${evil})}{x}$`,
  'elements of the page':
    '<chat-prose class=prose></chat-prose><chat-code info=js closed>x</chat-code>',
}

/** Elements and attributes in the answer that no answer may have. */
const strange = (visitor: Visitor): Promise<string[]> =>
  visitor.answer.locator('.prose').evaluate(prose => {
    const words = /^(?:H[3-6]|P|UL|OL|LI|BLOCKQUOTE|HR|BR|STRONG|EM|DEL|SUP|A|SPAN|CODE|PRE|DIV)$/
    const more = /^(?:TABLE|THEAD|TBODY|TR|TH|TD|CHAT-CODE|CHAT-FORMULA|HEADER|BUTTON)$/
    const own = [...prose.querySelectorAll('*')].filter(one => !one.closest('.katex, button > svg'))
    return own.flatMap(one => {
      const handlers = one.getAttributeNames().filter(name => /^on|^src|^style|^form/.test(name))
      const known = words.test(one.nodeName) || more.test(one.nodeName)
      const leads = one.getAttribute('href') ?? 'https://'
      return [
        ...(known ? [] : [one.nodeName]),
        ...handlers.map(name => `${one.nodeName} ${name}`),
        ...(/^(?:https?:\/\/|mailto:)/.test(leads) ? [] : [leads]),
      ]
    })
  })

scene('hostile text does nothing', async (t, visit) => {
  const text = Object.entries(hostile).map(([name, text]) => `### ${name}\n\n${text}\n\n`)
  const visitor = await told(t, text, { visit })
  const { page, answer } = visitor
  await answer.locator('.katex').first().waitFor()
  t.strictSame(await strange(visitor), [])
  t.strictSame(await answer.locator('h5').allInnerTexts(), Object.keys(hostile))
  const links = answer.locator('.prose a')
  for (const rel of await links.evaluateAll(all => all.map(link => link.getAttribute('rel'))))
    t.equal(rel, 'noopener noreferrer nofollow')
  // All that could be set off by a hand.
  await answer.locator('.prose *').evaluateAll(all => {
    for (const one of all) one.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))
  })
  await page.keyboard.press('Tab')
  t.equal(await page.evaluate('typeof hacked'), 'undefined')
  t.equal(new URL(page.url()).host, new URL(await page.evaluate(() => location.href)).host)
  t.match(await answer.locator('.prose').innerText(), '<img src=x onerror=hacked=1>')
})

const MB = 1_000_000
const heavy: Readonly<Record<string, string>> = {
  'ten thousand quotes': `${'> '.repeat(10_000)}deep`,
  'ten thousand lists': `${'- '.repeat(10_000)}deep`,
  'a line of a megabyte': 'a'.repeat(MB),
  'a line of words': 'lorem **ipsum** `dolor` '.repeat(12_000),
  'emphasis without an end': 'a*_'.repeat(30_000),
  'brackets without an end': '[a]('.repeat(30_000),
  'a megabyte of code in one line': `\`\`\`js\n${'x=1;'.repeat(MB / 4)}\n\`\`\``,
}

scene('heavy text is shown, and the page is there for others', async (t, visit) => {
  const pieces = Object.entries(heavy).flatMap(([name, text]) => [
    `\n\n### ${name}\n\n`,
    ...(text.match(/[^]{1,50000}/g) ?? []),
  ])
  const visitor = await told(t, [...pieces, '\n\nThe ~~end~~.'], { visit })
  const { answer, message } = visitor
  await answer.locator('.sheet:last-child > p:last-child del').last().waitFor()
  t.strictSame(await answer.locator('h5').allTextContents(), Object.keys(heavy))
  const letters = await answer.locator('.prose').evaluate(prose => prose.textContent?.length ?? 0)
  t.ok(letters > 2.3 * MB, `${letters} letters are shown`)
  await message.fill('still there')
  t.equal(await message.inputValue(), 'still there')
})
