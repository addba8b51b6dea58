import { createMarkdown } from '../../web/markdown/markdown.ts'
import { createRoot } from './fake-dom.ts'

/** The text drawn after each of `pieces`; it is complete with the last. */
export function draw(...pieces: readonly string[]): HTMLElement {
  const root = createRoot()
  const markdown = createMarkdown(root)
  for (const piece of pieces) markdown.add(piece)
  // It says when all is done.
  for (let done = false; !done;) done = markdown.finish()
  return root
}
