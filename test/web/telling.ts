import type { BrowserContextOptions } from 'playwright-core'
import type { Test } from 'tap'
import { build } from '../support/app.ts'
import { chunks, finish, head, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import type { Visit, Visitor } from './page.ts'

/** A visitor who has asked, and is told piece by piece. */
export interface Told extends Visitor {
  /** The model says its next piece; after the last one it has ended. */
  say(): void
}

export interface Telling {
  readonly visit: Visit
  readonly options?: BrowserContextOptions
}

/** A page before a model that says these pieces, each when it is told to. */
export async function telling(
  t: Test,
  pieces: readonly string[],
  { visit, options }: Telling,
): Promise<Told> {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const gates = pieces.map(() => Promise.withResolvers<void>())
  const steps = pieces.flatMap((content, i) => [
    until(gates[i]?.promise ?? Promise.resolve()),
    chunks({ content }),
  ])
  upstream.play(head(), chunks({ content: '' }), ...steps, finish())
  const visitor = await visit(app.url, options)
  await visitor.ask('go')
  let next = 0
  return { ...visitor, say: () => gates[next++]?.resolve() }
}

/** The same, who is told all of it. */
export async function told(t: Test, pieces: readonly string[], where: Telling): Promise<Told> {
  const visitor = await telling(t, pieces, where)
  for (const _ of pieces) visitor.say()
  await visitor.ended()
  return visitor
}
