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
