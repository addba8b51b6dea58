/** Which model answers and how: settings belong to a conversation. */
import type { Live, Params } from './live.ts'
import type { Choices, Model, State } from './state.ts'
import { branch } from './tree.ts'

export interface Settings {
  readonly model: string | undefined
  readonly params: Params
}

/** The parameters that the page can show: others, of another client's answer, are not taken over. */
const shown = ['temperature', 'top_p', 'max_tokens', 'system'] as const
export type Shown = (typeof shown)[number]

/** Parameters to change; undefined leaves one to the model again. */
export type Tuning = { readonly [K in Shown]?: Params[K] | undefined }

/**
 * The settings of the open conversation: what was changed here and not used yet, else what its
 * latest answer on the shown branch was given with, as the server knows it. So they are the same on
 * every device and need no keeping; only a change that no answer has used is kept in the browser. A
 * new conversation begins with what was chosen last.
 */
export function settingsOf(state: State): Settings {
  const { settings, open, live, turns, head, choices } = state
  const unused = settings[open ?? '']
  if (unused) return unused
  if (live?.model !== undefined) return { model: live.model, params: pick(live.params) }
  const last = branch(turns, head).findLast(({ model }) => model !== undefined)
  if (last) return { model: last.model, params: pick(last.params ?? {}) }
  return { model: choices.model, params: choices.params }
}

export const pick = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).filter(([name]) => shown.some(known => known === name)))

/** Other settings for the open conversation, and for the ones that are begun after it. */
export function choose(state: State, { model, params, ...others }: Partial<Choices>): State {
  const changed = { ...(model !== undefined && { model }), ...(params !== undefined && { params }) }
  const next = { ...state, choices: { ...state.choices, ...others, ...changed } }
  if (Object.keys(changed).length === 0) return next
  return use(next, { ...settingsOf(state), ...changed })
}

export function tune(state: State, tuning: Tuning): State {
  const params = Object.entries({ ...settingsOf(state).params, ...tuning })
  const mistakes = Object.entries(state.mistakes).filter(([name]) => !(name in tuning))
  return {
    ...choose(state, {
      params: Object.fromEntries(params.filter(([, value]) => value !== undefined)),
    }),
    mistakes: Object.fromEntries(mistakes),
  }
}

const use = (state: State, settings: Settings): State => ({
  ...state,
  settings: { ...state.settings, [state.open ?? '']: settings },
})

/** Once an answer is written with them, the conversation's settings are the server's to know. */
export function used(state: State): State {
  const { live, settings, open } = state
  const unused = settings[open ?? '']
  if (!unused || !live || live.seq === 0 || !inForce(unused, state)) return state
  const { [open ?? '']: _, ...others } = settings
  return { ...state, settings: others }
}

/** A new conversation has its id. */
export function named(state: State, id: string): State {
  const { '': unused, ...others } = state.settings
  const settings = state.open === undefined && unused ? { ...others, [id]: unused } : state.settings
  return { ...state, open: id, settings }
}

/** Settings were changed since the answer began, and could be applied to it. */
export function differs(state: State): boolean {
  const { live, settings, open } = state
  const unused = settings[open ?? '']
  return unused !== undefined && isWriting(live) && !inForce(unused, state)
}

/** It has begun and not ended: other settings can be applied to it. */
const isWriting = (live: Live | undefined): boolean => !!live && live.seq > 0 && !live.end

/** The live answer is written with these settings. */
function inForce({ model, params }: Settings, { live, models }: State): boolean {
  const wanted = ready(models, model)
  if (wanted !== undefined && wanted !== live?.model) return false
  return shown.every(name => params[name] === live?.params[name])
}

/** The model that answers where `wanted` is chosen: that one while it is ready, else the server's choice. */
export function ready(models: readonly Model[], wanted: string | undefined): string | undefined {
  const able = models.filter(model => model.ready)
  const pick = able.find(({ id }) => id === wanted) ?? able.find(model => model.preferred)
  return (pick ?? able[0])?.id
}

/** The change that makes these the settings of a live answer. */
export const changeTo = (params: Params): { [K in Shown]: NonNullable<Params[K]> | null } => {
  const { temperature = null, top_p = null, max_tokens = null, system = null } = params
  return { temperature, top_p, max_tokens, system }
}
