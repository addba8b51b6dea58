/** What may stand in the fields of the settings: text → value, or why not. */

export const ranges = {
  temperature: { min: 0, max: 2, step: 0.1 },
  top_p: { min: 0, max: 1, step: 0.05 },
  max_tokens: { min: 1, max: 1_000_000, step: 1 },
} as const
export type Numeric = keyof typeof ranges

/** The longest message or system prompt that the server takes, in UTF-16 units. */
export const MAX_TEXT = 100_000

/** The value of a numeric field; undefined where it is blank, NaN where it is none that is allowed. */
export function valueOf(name: Numeric, text: string): number | undefined {
  if (text.trim() === '') return undefined
  const { min, max } = ranges[name]
  const value = Number(text)
  const whole = name !== 'max_tokens' || Number.isInteger(value)
  return whole && value >= min && value <= max ? value : Number.NaN
}

/** Whether the server would take it as a question. */
export const canAsk = (text: string): boolean =>
  text.trim() !== '' && text.trim().length <= MAX_TEXT
