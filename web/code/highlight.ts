// oxlint-disable-next-line import/default -- what Vite makes of it is an address
import address from './highlighter.ts?worker&url'

/** How long a piece of code is, and what it is; '' where it has no colour of its own. */
export type Run = readonly [length: number, kind: string]

/**
 * Code that takes longer stays plain. The rules of highlight.js are regular expressions, and some
 * take time that grows with the square of a line: 16 KB of one letter are 6 s of TypeScript.
 */
const PATIENCE_MS = 3000

let script: string | undefined
let worker: Worker | undefined
let last: Promise<unknown> = Promise.resolve()

/** The runs of a code by the rules of its language; undefined where it cannot be told in time. */
export function highlight(grammar: string, code: string): Promise<readonly Run[] | undefined> {
  const answer = last.then(() => ask(grammar, code))
  last = answer
  return answer
}

/** A worker does it, so that nobody waits for it and it can be ended. */
async function ask(grammar: string, code: string): Promise<readonly Run[] | undefined> {
  script ??= trusted(address)
  const asked = (worker ??= new Worker(script, { type: 'module' }))
  const said = Promise.withResolvers<readonly Run[] | undefined>()
  const giveUp = (): void => {
    asked.terminate()
    worker = undefined
    said.resolve(undefined)
  }
  const timer = setTimeout(giveUp, PATIENCE_MS)
  const hear = ({ data }: MessageEvent<readonly Run[]>): void => said.resolve(data)
  asked.addEventListener('message', hear, { once: true })
  asked.addEventListener('error', giveUp, { once: true })
  asked.postMessage({ grammar, code }, [])
  const runs = await said.promise
  asked.removeEventListener('error', giveUp)
  clearTimeout(timer)
  return runs
}

interface Policy {
  createScriptURL(address: string): string
}

/** The address of a script of our own, as pages have to vouch for it that enforce Trusted Types. */
function trusted(own: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: Policy): Policy }
  }
  const vouch = { createScriptURL: (): string => own }
  return (trustedTypes?.createPolicy('chatai', vouch) ?? vouch).createScriptURL(own)
}
