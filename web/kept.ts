/** One thing that the browser keeps for the page, as JSON. */
export interface Kept<T> {
  /** Undefined where nothing is kept, or nothing that makes sense. */
  read(): T | undefined
  /** Undefined keeps nothing. What cannot be kept is not: the page itself still has it. */
  write(value: T | undefined): void
}

/** Over reloads of this tab, or over everything. */
export type Where = 'tab' | 'browser'

/** `check` says whether what was read is what was written: anything may stand in a browser's store. */
export function kept<T>(
  where: Where,
  name: string,
  check: (value: unknown) => value is T,
): Kept<T> {
  // Only to ask for it throws where a person allows no storage.
  const storage = (): Storage => (where === 'tab' ? sessionStorage : localStorage)
  return {
    read() {
      const text = allowed(() => storage().getItem(name)) ?? null
      const value = text === null ? undefined : parse(text)
      return check(value) ? value : undefined
    },
    write(value) {
      allowed(() =>
        value === undefined
          ? storage().removeItem(name)
          : storage().setItem(name, JSON.stringify(value)),
      )
    },
  }
}

/** Undefined where the browser does not let the page, or has no room for it. */
function allowed<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    if (error instanceof DOMException) return undefined
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

type Check<T> = (value: unknown) => value is T

export const isText: Check<string> = (value): value is string => typeof value === 'string'

export const isObject: Check<Record<string, unknown>> = (value): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A record of which every value passes. */
export const recordOf =
  <T>(check: Check<T>): Check<Record<string, T>> =>
  (value): value is Record<string, T> =>
    isObject(value) && Object.values(value).every(check)

/** The latest `most` entries of a record. */
export function latest<T>(
  entries: Readonly<Record<string, T>>,
  most: number,
): Readonly<Record<string, T>> {
  const all = Object.entries(entries)
  return all.length <= most ? entries : Object.fromEntries(all.slice(-most))
}
