/** The worker that knows the languages: code in, runs of colours out. */
import { common, createLowlight } from 'lowlight'
import type { Run } from './highlight.ts'
import { kindOf } from './kinds.ts'

const lowlight = createLowlight(common)
type Root = ReturnType<typeof lowlight.highlight>

addEventListener('message', ({ data }: MessageEvent<{ grammar: string; code: string }>) => {
  const { grammar, code } = data
  postMessage(lowlight.registered(grammar) ? runsOf(lowlight.highlight(grammar, code)) : [])
})

/** The tree as it reads from left to right; neighbours of one colour are one run. */
function runsOf(root: Root): readonly Run[] {
  const runs: [length: number, kind: string][] = []
  const walk = (node: Root | Root['children'][number], kind: string): void => {
    if (node.type === 'text') add(node.value.length, kind)
    if (!('children' in node)) return
    const own = node.type === 'element' ? kindOf(node.properties['className'], kind) : kind
    for (const child of node.children) walk(child, own)
  }
  const add = (length: number, kind: string): void => {
    const before = runs.at(-1)
    if (before?.[1] === kind) before[0] += length
    else runs.push([length, kind])
  }
  walk(root, '')
  return runs
}
