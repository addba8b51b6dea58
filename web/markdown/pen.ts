import type { Mark } from './lexer.ts'

/** What nodes are made with: a document, or what a test has in its place. */
export type Maker = Pick<Document, 'createElement' | 'createTextNode'>

/** How tokens become nodes. */
export interface Pen {
  readonly make: Maker
  /** Nothing comes to what it draws any more. */
  readonly final: boolean
  readonly draw: (tokens: readonly Mark[]) => Node[]
}

export function element(make: Maker, name: string, children: readonly Node[]): HTMLElement {
  const made = make.createElement(name)
  made.append(...children)
  return made
}
