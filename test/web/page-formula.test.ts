/** Mathematics in Chromium: loaded when there is some, and no way to hold the page up. */
import { join } from 'node:path'
import t from 'tap'
import { closeBrowser, scene } from './page.ts'
import { telling, told } from './telling.ts'

const shots = new URL('../shots/', import.meta.url).pathname

t.setTimeout(200_000)
t.teardown(closeBrowser)

scene('formulas are drawn by KaTeX, which comes with the first of them', async (t, visit) => {
  const pieces = [
    'From $5 to $10.\n\n',
    '$$\n\\frac{a}{b}\n',
    '= c\n$$\n',
    '\nAnd \\(x^2\\) or $y_1$.',
    ' Broken: $\\frac{1$ and $\\nosuch{x}$.',
  ]
  const visitor = await telling(t, pieces, { visit })
  const { page, answer, say } = visitor
  const loaded: string[] = []
  page.on('request', request => loaded.push(new URL(request.url()).pathname))
  const tex = (): string[] => loaded.filter(path => /tex|KaTeX/.test(path))
  say()
  await answer.getByText('From $5 to $10.').waitFor()
  say()
  await answer.getByText('\\frac{a}{b}').waitFor()
  t.strictSame(tex(), [], 'not for prices, nor for half a formula')
  say()
  await answer.locator('.katex-display').waitFor()
  for (const _ of [1, 2]) say()
  await visitor.ended()
  await answer.locator('chat-formula.failed').nth(1).waitFor()
  t.equal(await answer.locator('.katex').count(), 3)
  t.strictSame(await answer.locator('.failed').allInnerTexts(), ['$\\frac{1$', '$\\nosuch{x}$'])
  t.equal(await answer.locator('math annotation').first().textContent(), '\n\\frac{a}{b}\n= c\n')
  await page.evaluate(() => document.fonts.ready)
  t.ok(await page.evaluate(() => document.fonts.check('16px KaTeX_Math')), 'with its own fonts')
  const [width, inline] = await answer.evaluate(node => [
    node.querySelector('.katex-display')?.getBoundingClientRect().width,
    getComputedStyle(node.querySelector('.katex .mfrac .frac-line') ?? node).borderBottomStyle,
  ])
  t.ok(Number(width) > 100)
  t.equal(inline, 'solid', 'and its own styles')
  await page.screenshot({ path: join(shots, 'formulas.png') })
})

scene(
  'formulas are copied as they were written, once, and the rest as it looks',
  async (t, visit) => {
    const visitor = await told(
      t,
      [
        'First $a^2$ and \\(b_1\\).\n\n- one\n- $c$ two\n\n$$\n\\frac{1}{2}\n= d\n$$\n\n',
        '| x | y |\n|---|---|\n| $e$ | 2 |\n\n```ts\nconst f = 1\nf()\n```\n\nLast.',
        `\n\n${'Some more, as long as it is. '.repeat(40)}\n\n`.repeat(40),
        'The end $z_1$.',
      ],
      { visit },
    )
    const { page, answer } = visitor
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await answer.locator('.katex').nth(5).waitFor()
    const read = () =>
      page.evaluate(async () => {
        const [item] = await navigator.clipboard.read()
        const html = await (await item?.getType('text/html'))?.text()
        return { html, text: await navigator.clipboard.readText() }
      })
    const copy = async (): Promise<string> => {
      const selection = () => page.evaluate(() => String(getSelection()?.getRangeAt(0)))
      const selected = await selection()
      await page.keyboard.press('ControlOrMeta+C')
      t.equal(await selection(), selected, 'what was selected still is')
      return (await read()).text
    }
    await page.locator('#scroll').focus()
    await answer.locator('.prose').evaluate(node => getSelection()?.selectAllChildren(node))
    const all = await copy()
    t.equal(
      all.split('\n\nSome more')[0],
      [
        'First $a^2$ and \\(b_1\\).\n',
        'one\n$c$ two',
        '$$\n\\frac{1}{2}\n= d\n$$',
        'x\ty',
        '$e$\t2',
        'TypeScript\nconst f = 1\nf()',
        'Last.',
      ].join('\n'),
    )
    t.equal(all.match(/as long as it is/g)?.length, 1600, 'also what is far out of sight')
    t.match(all, /The end \$z_1\$\.$/)
    const { html } = await read()
    t.match(html, /\$a\^2\$/)
    t.notMatch(html, /<math|katex/)

    await answer
      .locator('.katex .mord')
      .first()
      .evaluate(node => {
        getSelection()?.selectAllChildren(node)
      })
    t.equal(await copy(), '$a^2$', 'half a formula is the whole of it')
    await answer.getByText('Last.').evaluate(node => getSelection()?.selectAllChildren(node))
    t.equal(await copy(), 'Last.', 'what has none is left to the browser')
  },
)

const braces = '{'.repeat(1_000_000)
const some = '{'.repeat(10_000)
const hostile: Readonly<Record<string, string>> = {
  'a megabyte of braces': `$$\n${braces}\n$$\n\n$$${some}$$\n\n$${some}$`,
  'braces as many as are tried': `$$${'{'.repeat(990)}x${'}'.repeat(990)}$$`,
  'powers of powers': `$$${'x^{'.repeat(450)}${'}'.repeat(450)}$$`,
  'roots of roots': `$$${'\\sqrt '.repeat(320)}x$$`,
  'fractions of fractions': `$$${'\\frac{1}{'.repeat(190)}x${'}'.repeat(190)}$$`,
  'a macro of itself': '$$\\def\\a{\\a\\a}\\a$$ $$\\def\\a{\\b}\\def\\b{\\a x}\\a$$',
  'macros that double': `$$\\def\\a{xx}${'bcdefghijklm'.replace(/./g, (m, i) => `\\def\\${m}{\\${'abcdefghijkl'[i]}\\${'abcdefghijkl'[i]}}`)}\\m$$`,
  'a rule over the page': '$$\\rule{100000em}{100000em}$$',
  'a wide matrix': `$$\\begin{matrix}${'a&'.repeat(950)}\\end{matrix}$$`,
  'links and images':
    '$\\href{javascript:alert(1)}{x}$ $\\includegraphics{https://evil.example/x.png}$ $\\url{https://evil.example}$',
  html: '$\\htmlId{root}{x}$ $\\htmlStyle{background:url(https://evil.example)}{x}$ $\\htmlClass{top}{x}$ $\\text{<img src=x onerror=alert(1)>}$',
  'thousands of them': '$x_i$ and \\(y^2\\), '.repeat(1500),
}

scene('a formula that is made to hang the page does not', async (t, visit) => {
  const pieces = Object.entries(hostile).map(([name, text]) => `# ${name}\n\n${text}\n\n`)
  const visitor = await told(t, [...pieces, 'The end, and $z$.'], { visit })
  const { page, answer } = visitor
  const last = answer.locator('annotation', { hasText: /^z$/ })
  await last.waitFor({ state: 'attached' })
  const seen = await answer.evaluate(node => ({
    drawn: node.querySelectorAll('.katex').length,
    links: node.querySelectorAll('.prose a, .prose img, #root').length,
    // A rule of the allowed 20 em in either direction.
    wide: Math.max(...[...node.querySelectorAll('.katex .rule')].map(rule => rule.clientWidth)),
    high: Math.max(...[...node.querySelectorAll('chat-formula')].map(one => one.clientHeight)),
  }))
  t.ok(seen.drawn > 1000, `${seen.drawn} formulas are drawn`)
  t.equal(seen.links, 0)
  t.ok(
    seen.wide < 600 && seen.high < 4000,
    `a rule is ${seen.wide} wide, a formula ${seen.high} high`,
  )
  await visitor.message.fill('still there')
  t.equal(await visitor.message.inputValue(), 'still there')
  t.match(await page.title(), 'ChatAI')
})
