/** A page that was frozen by its browser, or whose machine slept, measures nothing meanwhile. */

/** How often the page looks at the clock; browsers let a hidden page do so once a second. */
const LOOK_MS = 1000
/** So late a look means that the page stood still. */
const LATE_MS = 3000

export interface Vigil {
  /** Look now: before what has come is taken for new. */
  readonly look: () => void
  readonly end: () => void
}

/** Calls `slept` as soon as the page is awake again. By the time of day: other clocks may sleep too. */
export function keepVigil(slept: () => void): Vigil {
  let last = Date.now()
  function look(): void {
    const now = Date.now()
    const late = now - last > LATE_MS || now < last
    last = now
    if (late) slept()
  }
  const timer = setInterval(look, LOOK_MS)
  return { look, end: () => clearInterval(timer) }
}
