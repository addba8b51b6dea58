/** What outlives the page: read at its start, written when it changes. */
import { type Figures, MOST_FIGURES } from './figures.ts'
import { type Kept, isObject, isText, kept, latest, recordOf } from './kept.ts'
import type { Asked } from './live.ts'
import { type Settings, pick } from './settings.ts'
import type { Notice, State } from './state.ts'

/** A question that no server had taken when the page was left, and why if it was refused. */
export interface Unsaid extends Asked {
  readonly notice?: Notice | undefined
}

export interface Memory {
  /** What the page begins with. */
  recall(): Pick<State, 'draft' | 'drafts' | 'settings' | 'figures'>
  readonly unsaid: () => Unsaid | undefined
  /** After every change; what a person types is written a little later. */
  keep(before: State, after: State): void
  /** Write it now: the page may be gone at once. */
  readonly flush: () => void
  /** Nothing of who was here is kept. */
  forget(): void
}

/** Conversations of which unused settings are remembered. */
const MOST_SETTINGS = 50
/** A long text is not written anew for every key. */
const TYPING_MS = 300

const isUnsaid = (value: unknown): value is Unsaid => isObject(value) && isObject(value['body'])
const isFigures = (value: unknown): value is Figures =>
  isObject(value) && Object.values(value).every(one => typeof one !== 'object')
const isSettings = (value: unknown): value is Settings =>
  isObject(value) && isObject(value['params'])

export function createMemory(): Memory {
  const drafts = kept('tab', 'chatai.drafts', recordOf(isText))
  const unsaid = kept('tab', 'chatai.unsaid', isUnsaid)
  const settings = kept('browser', 'chatai.settings', recordOf(isSettings))
  const figures = kept('browser', 'chatai.figures', recordOf(isFigures))
  let typed: State | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (typed) drafts.write(textsOf(typed))
    typed = undefined
  }

  return {
    recall() {
      const texts = drafts.read() ?? {}
      const changed = Object.entries(settings.read() ?? {})
      return {
        draft: texts[''] ?? '',
        drafts: texts,
        settings: Object.fromEntries(
          changed.map(([id, { model, params }]) => [id, { model, params: pick(params) }]),
        ),
        figures: figures.read() ?? {},
      }
    },
    unsaid: () => unsaid.read(),
    keep(before, after) {
      if (after.draft !== before.draft || after.drafts !== before.drafts) {
        typed = after
        timer ??= setTimeout(flush, TYPING_MS)
      }
      if (after.live !== before.live && !isSame(unsaidOf(before), unsaidOf(after)))
        unsaid.write(unsaidOf(after))
      merge(settings, [before.settings, after.settings], MOST_SETTINGS)
      merge(figures, [before.figures, after.figures], MOST_FIGURES)
    },
    flush,
    forget() {
      flush()
      for (const one of [drafts, unsaid, settings, figures]) one.write(undefined)
    },
  }
}

const textsOf = ({ drafts, draft, open }: State): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...drafts, [open ?? '']: draft }).filter(([, text]) => text !== ''),
  )

function unsaidOf({ live }: State): Unsaid | undefined {
  // Until it has begun: a page that is left before has not learned its address.
  if (!live?.asked || live.seq > 0) return undefined
  return { ...live.asked, notice: live.end?.type === 'failed' ? live.end : undefined }
}

const isSame = (a: Unsaid | undefined, b: Unsaid | undefined): boolean =>
  a?.body === b?.body && a?.notice === b?.notice

/** Other tabs write too: only what changed here is changed in what is kept. */
function merge<T>(
  store: Kept<Record<string, T>>,
  [before, after]: readonly [Readonly<Record<string, T>>, Readonly<Record<string, T>>],
  most: number,
): void {
  if (after === before) return
  const all = { ...store.read() }
  for (const id of Object.keys({ ...before, ...after })) {
    const value = after[id]
    if (value === before[id]) continue
    delete all[id]
    if (value !== undefined) all[id] = value
  }
  store.write({ ...latest(all, most) })
}
