import { type TemplateResult, html } from 'lit-html'
import type { Words } from '../words/words.ts'
import { icons } from './icons.ts'
import { tool } from './turn.ts'

/** Whether a block of code was copied just now; a browser may refuse. */
export type Copied = 'no' | 'yes' | 'refused'

interface Head {
  /** Of the language. */
  readonly name: string
  readonly copied: Copied
  readonly copy: () => void
  readonly save: () => void
}

/** What stands above a block of code. */
export function codeHead(words: Words['code'], { name, copied, copy, save }: Head): TemplateResult {
  const copying = {
    no: [words.copy, icons.copy],
    yes: [words.copied, icons.check],
    refused: [words.refused, icons.close],
  } as const
  return html`
    <span>${name}</span>
    ${tool(...copying[copied], { act: copy })} ${tool(words.save, icons.save, { act: save })}
  `
}
