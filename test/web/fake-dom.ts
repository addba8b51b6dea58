/** As much of a DOM as Markdown is drawn with; `markup` shows it as text. */
interface FakeNode {
  nodeName: string
  nodeValue: string | null
  data: string
  childNodes: FakeNode[]
  attributes: { name: string; value: string }[]
  ownerDocument: object
  [method: string]: unknown
}

function node(nodeName: string, value: string | null): FakeNode {
  const self: FakeNode = {
    nodeName,
    nodeValue: value,
    get data() {
      return self.nodeValue ?? ''
    },
    set data(text) {
      self.nodeValue = text
    },
    childNodes: [],
    attributes: [],
    ownerDocument: maker,
    append: (...nodes: FakeNode[]) => void self.childNodes.push(...nodes),
    appendChild: (added: FakeNode) => void self.childNodes.push(added),
    replaceChild: (fresh: FakeNode, old: FakeNode) =>
      void self.childNodes.splice(self.childNodes.indexOf(old), 1, fresh),
    removeChild: (old: FakeNode) => void self.childNodes.splice(self.childNodes.indexOf(old), 1),
    replaceChildren: () => void (self.childNodes = []),
    appendData: (text: string) => void (self.nodeValue += text),
    setAttribute: (name: string, value: string) => void self.attributes.push({ name, value }),
    getAttribute: (name: string) => self.attributes.find(entry => entry.name === name)?.value,
  }
  return self
}

const maker = {
  createElement: (name: string) => node(name.toUpperCase(), null),
  createTextNode: (text: string) => node('#text', text),
}

/** An element to draw into. */
export const createRoot = (): HTMLElement => node('ROOT', null) as unknown as HTMLElement

/** The elements, attributes and texts inside, each text in quotes. */
export function markup(root: Node): string {
  return [...root.childNodes].map(show).join('')
}

function show(child: Node): string {
  if (child.nodeName === '#text') return JSON.stringify(child.nodeValue)
  const name = child.nodeName.toLowerCase()
  const attributes = [...(child as Element).attributes].map(a => ` ${a.name}=${a.value}`).join('')
  return `<${name}${attributes}>${markup(child)}</${name}>`
}

/** Every element inside, at any depth. */
export const elements = (root: Node): Element[] =>
  [...root.childNodes]
    .filter(child => child.nodeName !== '#text')
    .flatMap(child => [child as Element, ...elements(child)])
