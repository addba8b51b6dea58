import { isObject, isText, kept } from './kept.ts'
import { pick } from './settings.ts'
import type { Choices } from './state.ts'
import { languageOf } from './words/words.ts'

const store = kept('browser', 'chatai.choices', isObject)
const signed = kept('browser', 'chatai.signed', isText)

/** What this person chose before, over what suits the browser. */
export function readChoices(): Choices {
  const { language, transport, model, params, theme, folded, keysOff } = store.read() ?? {}
  return {
    language: language === 'en' || language === 'zh' ? language : languageOf(navigator.language),
    transport: transport === 'websocket' ? transport : 'sse',
    model: isText(model) ? model : undefined,
    params: isObject(params) ? pick(params) : {},
    theme: theme === 'light' || theme === 'dark' ? theme : undefined,
    folded: folded === true,
    keysOff: keysOff === true,
  }
}

export const keepChoices = (choices: Choices): void => store.write({ ...choices })

/** Whether this browser has signed in; the cookie itself is not for scripts to see. */
export const readSigned = (): boolean => signed.read() !== undefined
export const keepSigned = (how: 'in' | 'out'): void => signed.write(how === 'in' ? 'in' : undefined)
