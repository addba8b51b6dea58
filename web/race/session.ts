/** What the race view does: intents become races. */
import { canStart } from './reduce.ts'
import { type Course, type Runner, createRunner } from './runner.ts'
import { ROUNDS, roundOf } from './series.ts'
import type { Action, At, Both, Intent, State } from './state.ts'

export interface SessionParts extends Course {
  readonly state: () => State
  readonly dispatch: (action: Action) => void
}

export interface Session {
  act(intent: Intent): void
  /** End what is running: its answers, its connections, its timers. */
  leave(): void
}

/** Long enough to be seen, and for no server to give up on the lanes. */
const CUT_MS = 2000
/** The figures go on while nothing comes. */
const TICK_MS = 100

export function createSession({ state, dispatch, ...course }: SessionParts): Session {
  // Of the race that is running.
  let runners: readonly Runner[] = []
  let over = new AbortController()
  let mending: ReturnType<typeof setTimeout> | undefined

  const enter = (at: At): Runner =>
    createRunner({ ...course, at, dispatch, signal: over.signal, lane: () => laneOf(state(), at) })

  async function race(): Promise<void> {
    over = new AbortController()
    dispatch({ type: 'lined-up' })
    // Somebody has to be started a moment before the other: they take turns.
    const isOdd = (state().race?.number ?? 1) % 2 === 1
    const both: Both<Runner> = [enter(0), enter(1)]
    runners = both
    const ticking = setInterval(() => dispatch({ type: 'tick', at: course.clock() }), TICK_MS)
    try {
      if (state().warm) await Promise.all(both.map(runner => runner.warm()))
      const order = isOdd ? both : both.toReversed()
      await Promise.all(order.map(runner => runner.run()))
    } finally {
      clearInterval(ticking)
      mend()
      over.abort()
      runners = []
    }
  }

  /** Races in turn, until one does not come to its end. */
  async function start(rounds: number): Promise<void> {
    if (!canStart(state()) || runners.length > 0) return
    if (rounds > 1) dispatch({ type: 'begun', of: rounds })
    for (let n = 0; n < rounds; n++) {
      await race()
      const { race: done } = state()
      if (!done || !roundOf(done)) break
      if (rounds > 1) dispatch({ type: 'counted' })
    }
    dispatch({ type: 'over' })
  }

  function cut(): void {
    if (mending !== undefined) return
    for (const runner of runners) runner.cut()
    mending = setTimeout(mend, CUT_MS)
  }

  function mend(): void {
    if (mending === undefined) return
    clearTimeout(mending)
    mending = undefined
    for (const runner of runners) runner.mend()
    dispatch({ type: 'mended' })
    // What a browser says when its network is back: nobody waits any longer.
    dispatchEvent(new Event('online'))
  }

  function perform(intent: Intent): void {
    if (intent.type === 'start') void start(1)
    if (intent.type === 'series') void start(ROUNDS)
    if (intent.type === 'cut') cut()
    if (intent.type !== 'stop') return
    runners.forEach((runner, at) => {
      if (intent.lane === undefined || intent.lane === at) void runner.stop()
    })
  }

  return {
    act(intent) {
      dispatch(intent)
      perform(intent)
    },
    leave() {
      dispatch({ type: 'left' })
      for (const runner of runners) void runner.leave()
    },
  }
}

function laneOf({ race }: State, at: At) {
  if (!race) throw new Error('There is no lane before there is a race.')
  return race.lanes[at]
}
