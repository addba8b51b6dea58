import { isObject, isText, kept } from './kept.ts'
import { pick } from './settings.ts'
import type { Choices } from './state.ts'
import { languageOf } from './words/words.ts'

const store = kept('browser', 'chatai.choices', isObject)
const key = kept('tab', 'chatai.key', isText)

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

/** The API key is kept as long as the tab is open, no longer. */
export const readKey = (): string | undefined => key.read()
export const keepKey = (value: string): void => key.write(value)
