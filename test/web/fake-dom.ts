/** As much of a DOM as Markdown is drawn with; `markup` shows it as text. */
interface FakeNode {
  nodeName: string
  nodeValue: string | null
  data: string
  parentNode: FakeNode | null
  firstChild: FakeNode | null
  lastChild: FakeNode | null
  nextSibling: FakeNode | null
  previousSibling: FakeNode | null
  readonly childNodes: FakeNode[]
  attributes: { name: string; value: string }[]
  ownerDocument: object
  appendData(text: string): void
  removeAttribute(name: string): void
}

/** How many nodes were put in, taken out or changed, in all of these documents. */
export const work = { count: 0 }

/** Accessors cannot say what `this` is. */
const as = (self: object): FakeNode => self as FakeNode

/** What all nodes can do; shared, for there are very many of them. */
const methods = {
  get data(): string {
    return as(this).nodeValue ?? ''
  },
  set data(text: string) {
    work.count++
    as(this).nodeValue = text
  },
  get childNodes(): FakeNode[] {
    const all: FakeNode[] = []
    for (let child = as(this).firstChild; child; child = child.nextSibling) all.push(child)
    return all
  },
  append(this: FakeNode, ...nodes: FakeNode[]) {
    for (const added of nodes) insert(this, added, null)
  },
  appendChild(this: FakeNode, added: FakeNode) {
    insert(this, added, null)
  },
  replaceChild(this: FakeNode, fresh: FakeNode, old: FakeNode) {
    insert(this, fresh, old)
    remove(old)
  },
  removeChild: remove,
  appendData(this: FakeNode, text: string) {
    this.data += text
  },
  setAttribute(this: FakeNode, name: string, value: string) {
    this.removeAttribute(name)
    this.attributes.push({ name, value })
  },
  removeAttribute(this: FakeNode, name: string) {
    this.attributes = this.attributes.filter(entry => entry.name !== name)
  },
  getAttribute(this: FakeNode, name: string) {
    return this.attributes.find(entry => entry.name === name)?.value
  },
  /** Of a code block: what it is in the page is not known here. */
  add(this: FakeNode, text: string) {
    this.firstChild?.appendData(text)
  },
}

const node = (nodeName: string, nodeValue: string | null): FakeNode =>
  Object.assign(Object.create(methods) as FakeNode, {
    nodeName,
    nodeValue,
    parentNode: null,
    firstChild: null,
    lastChild: null,
    nextSibling: null,
    previousSibling: null,
    attributes: [],
    ownerDocument: maker,
  })

function remove(child: FakeNode): void {
  const { parentNode: parent, previousSibling: before, nextSibling: after } = child
  if (!parent) return
  work.count++
  if (before) before.nextSibling = after
  else parent.firstChild = after
  if (after) after.previousSibling = before
  else parent.lastChild = before
  child.parentNode = child.previousSibling = child.nextSibling = null
}

function insert(parent: FakeNode, added: FakeNode, after: FakeNode | null): void {
  work.count++
  remove(added)
  const before = after ? after.previousSibling : parent.lastChild
  if (before) before.nextSibling = added
  else parent.firstChild = added
  if (after) after.previousSibling = added
  else parent.lastChild = added
  Object.assign(added, { parentNode: parent, previousSibling: before, nextSibling: after })
}

const maker = {
  createElement: (name: string) => node(name.toUpperCase(), null),
  createTextNode: (text: string) => node('#text', text),
}

/** An element to draw into. */
export const createRoot = (): HTMLElement => node('ROOT', null) as unknown as HTMLElement

/** The elements, attributes and texts inside, each text in quotes; sheets are not shown. */
export function markup(root: Node): string {
  return [...root.childNodes].map(show).join('')
}

function show(child: Node): string {
  if (child.nodeName === '#text') return JSON.stringify(child.nodeValue)
  if (isSheet(child)) return markup(child)
  const name = child.nodeName.toLowerCase()
  const attributes = [...(child as Element).attributes]
    .map(a => (a.value === '' ? ` ${a.name}` : ` ${a.name}=${a.value}`))
    .join('')
  return `<${name}${attributes}>${markup(child)}</${name}>`
}

const isSheet = (node: Node): boolean =>
  (node as Element).getAttribute('class')?.startsWith('sheet') ?? false

/** Every element inside, at any depth. */
export const elements = (root: Node): Element[] =>
  [...root.childNodes]
    .filter(child => child.nodeName !== '#text')
    .flatMap(child => [child as Element, ...elements(child)])

/** The blocks of an answer. */
export const blocks = (root: Node): Node[] =>
  [...root.childNodes].flatMap(sheet => [...sheet.childNodes])

/** All text inside. */
export const textIn = (root: Node): string =>
  root.nodeName === '#text' ? (root.nodeValue ?? '') : [...root.childNodes].map(textIn).join('')
