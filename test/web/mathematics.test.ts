import t from 'tap'
import { draw } from './drawn.ts'
import { elements, markup, textIn } from './fake-dom.ts'

const formulas = (text: string): string[] =>
  elements(draw(text))
    .filter(({ nodeName }) => nodeName === 'CHAT-FORMULA')
    .map(element => (element.getAttribute('display') === '' ? 'display ' : '') + textIn(element))

void t.test('mathematics is found', async t => {
  const found: Readonly<Record<string, readonly string[]>> = {
    'so $x^2$ is': ['$x^2$'],
    设$x$为$y_1$: ['$x$', '$y_1$'],
    'the $n$th and $\\alpha$-stable': ['$n$', '$\\alpha$'],
    '$5$ and $2x + 3$ and $3 \\times 4$': ['$5$', '$2x + 3$', '$3 \\times 4$'],
    '$2 \\text{ or more}$ and $5\\%$': ['$2 \\text{ or more}$', '$5\\%$'],
    '\\(a\\) and \\( b \\)': ['\\(a\\)', '\\( b \\)'],
    'in line $$a+b$$ too': ['display $$a+b$$'],
    '$$\na = b\n- c\n+ d\n$$': ['display $$\na = b\n- c\n+ d\n$$'],
    'text:\n\\[\nx\n\\]\nmore': ['display \\[\nx\n\\]'],
    '- item\n  $$\n  x\n  $$': ['display $$\nx\n$$'],
    '> $$x$$\n> and $y$': ['display $$x$$', '$y$'],
    '| $a$ | b |\n|---|---|\n| $c$ | d |': ['$a$', '$c$'],
    '**bold $a*b*c$**': ['$a*b*c$'],
    '# About $x$': ['$x$'],
  }
  for (const [text, wanted] of Object.entries(found)) t.strictSame(formulas(text), wanted, text)
})

void t.test('prices, variables and code are no mathematics', async t => {
  const texts = [
    'It costs $5 and $10.',
    'From $5-$10, or $5/$6.',
    'US$5, A$6 and 7$',
    'either $5 or 10$ of it',
    '价格从$5到$10，也就是$5或10$。',
    '`$x$` and ``$y$``',
    '$HOME/$USER and $PATH',
    'a \\$b\\$ c',
    '$ x $ and $$ $$',
    '```\n$x$\n```',
    '    $x$',
    'see \\[1\\] and \\[note\\]',
  ]
  for (const text of texts) t.strictSame(formulas(text), [], text)
  t.equal(markup(draw('$5 and $10')), '<p>"$5 and $10"</p>')
})

void t.test('a formula that has no end is text', async t => {
  t.equal(markup(draw('$$\na **b**')), '<p>"$$"<br></br>"a "<strong>"b"</strong></p>')
  t.equal(markup(draw('$$\na\n\nb\n$$')), '<p>"$$"<br></br>"a"</p><p>"b"<br></br>"$$"</p>')
  const long = `$$\n${'x + '.repeat(1000)}\n$$`
  t.strictSame(formulas(long), [], 'nor is one that nobody reads')
})
