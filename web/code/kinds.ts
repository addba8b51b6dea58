/** The colours that code has, by the names that highlight.js gives its parts. */
const kinds: Readonly<Record<string, string>> = {
  keyword: 'keyword',
  'selector-tag': 'keyword',
  doctag: 'keyword',
  name: 'keyword',
  section: 'title',
  title: 'title',
  'selector-id': 'title',
  'selector-class': 'title',
  built_in: 'type',
  type: 'type',
  string: 'string',
  regexp: 'string',
  char: 'string',
  link: 'string',
  addition: 'added',
  deletion: 'deleted',
  number: 'number',
  literal: 'number',
  symbol: 'number',
  bullet: 'number',
  attr: 'attr',
  attribute: 'attr',
  property: 'attr',
  variable: 'attr',
  'template-variable': 'attr',
  comment: 'comment',
  quote: 'comment',
  meta: 'meta',
  subst: '',
}

/** The colour of a part in one of another colour; what has none of its own has that. */
export function kindOf(classes: unknown, outer: string): string {
  if (!Array.isArray(classes)) return outer
  const [first = '', ...more] = classes.map(name => String(name).replace(/^hljs-/, ''))
  // A class's name is a type, a function's a title.
  if (first === 'title' && more.includes('class_')) return 'type'
  return Object.hasOwn(kinds, first) ? (kinds[first] ?? outer) : outer
}
