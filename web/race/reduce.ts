/** The race view's one truth: (state, what happened) → state. */
import { failure } from '../answering.ts'
import { ready } from '../settings.ts'
import type { Choices, Model } from '../state.ts'
import { type Lane, connect, finish, line, receive } from './lane.ts'
import { roundOf } from './series.ts'
import type { Action, At, Both, Entrant, Intent, News, Race, State } from './state.ts'

export const initial = (models: readonly Model[], choices: Choices, prompt: string): State => ({
  models,
  prompt,
  mode: 'transports',
  entrants: [
    { transport: 'sse', model: choices.model },
    { transport: 'websocket', model: choices.model },
  ],
  warm: true,
  running: false,
  race: undefined,
  series: undefined,
  cut: false,
  now: 0,
  left: false,
  report: 'loading',
})

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'models':
      return { ...state, models: action.models }
    case 'begun': {
      const { entrants, prompt } = state
      return { ...state, series: { of: action.of, entrants, prompt: prompt.trim(), rounds: [] } }
    }
    case 'lined-up':
      return lineUp(state)
    case 'counted':
      return count(state)
    case 'tick':
      return { ...state, now: action.at }
    case 'mended':
      return { ...state, cut: false }
    case 'over':
      return over(state)
    case 'left':
      return { ...over(state), left: state.running }
    case 'report':
      return { ...state, report: action.report }
    case 'off':
    case 'taken':
    case 'items':
    case 'connection':
    case 'lost':
    case 'given-up':
    case 'recorded':
      return onLane('at' in action ? { ...state, now: action.at } : state, action)
    default:
      return intend(state, action)
  }
}

function intend(state: State, intent: Intent): State {
  switch (intent.type) {
    case 'prompt':
      return state.running ? state : { ...state, prompt: intent.text }
    case 'warm':
      return { ...state, warm: intent.warm }
    case 'mode':
      return choose(state, intent.mode)
    case 'enter':
      return withEntrants(
        state,
        replaced(state.entrants, intent.lane, one => ({ ...one, ...intent.entrant })),
      )
    case 'swap':
      return swap(state)
    case 'stop':
      return stop(state, intent.lane)
    case 'cut':
      return { ...state, cut: state.running }
    case 'start':
    case 'series':
      // The session lines the lanes up.
      return state
    default:
      return intent satisfies never
  }
}

/** A race is of its entrants: with others, what is on the lanes would be somebody else's. */
const withEntrants = (state: State, entrants: Both<Entrant>): State =>
  state.running ? state : { ...state, entrants, race: undefined, left: false }

function choose(state: State, mode: State['mode']): State {
  if (state.running) return state
  const [{ transport, model }] = state.entrants
  if (mode === 'transports')
    return {
      ...withEntrants(state, [
        { transport: 'sse', model },
        { transport: 'websocket', model },
      ]),
      mode,
    }
  const first = ready(state.models, model)
  const other = state.models.find(({ id, ready }) => ready && id !== first)?.id ?? first
  return {
    ...withEntrants(state, [
      { transport, model: first },
      { transport, model: other },
    ]),
    mode,
  }
}

function swap(state: State): State {
  if (state.running) return state
  const { entrants, race } = state
  return {
    ...state,
    entrants: [entrants[1], entrants[0]],
    race: race && { ...race, lanes: [race.lanes[1], race.lanes[0]] },
  }
}

/** A race that is about to begin. */
function lineUp(state: State): State {
  const enter = ({ transport, model }: Entrant): Lane =>
    line({ transport, model: ready(state.models, model) }, state.prompt.trim())
  const [one, other] = state.entrants
  const number = (state.race?.number ?? 0) + 1
  return {
    ...state,
    race: { number, lanes: [enter(one), enter(other)] },
    running: true,
    left: false,
  }
}

/** The race that has just ended is one of its series. */
function count(state: State): State {
  const { race, series } = state
  const round = race && roundOf(race)
  return round && series
    ? { ...state, series: { ...series, rounds: [...series.rounds, round] } }
    : state
}

/** A series that was stopped in its first race is none. */
function over(state: State): State {
  const series = state.series?.rounds.length === 0 ? undefined : state.series
  return { ...state, series, running: false, cut: false }
}

/** Told to stop: by the server where it knows of the answer, here where it does not yet. */
function stop(state: State, at: At | undefined): State {
  const told = (lane: Lane): Lane =>
    lane.live.end ? lane : { ...lane, live: { ...lane.live, stopping: true } }
  return withRace(state, ({ lanes: [one, other] }) => [
    at === 1 ? one : told(one),
    at === 0 ? other : told(other),
  ])
}

type OnLane = Extract<News, { readonly lane: At }>

const onLane = (state: State, news: OnLane): State =>
  withRace(state, ({ lanes }) => replaced(lanes, news.lane, lane => happen(lane, news)))

function happen(lane: Lane, news: OnLane): Lane {
  switch (news.type) {
    case 'off':
      return { ...lane, startedAt: news.at }
    case 'taken':
      return { ...lane, live: { ...lane.live, generation: news.generation } }
    case 'items':
      return receive(lane, news.items, news)
    case 'connection':
      return connect(lane, news.connection, news)
    case 'lost':
      return finish(lane, failure(news.notice), news.at)
    case 'given-up':
      return finish(lane, { type: 'done', reason: 'stopped', by: 'client' }, news.at)
    case 'recorded':
      return { ...lane, record: news.record }
    default:
      return news satisfies never
  }
}

const withRace = (state: State, change: (race: Race) => Both<Lane>): State =>
  state.race ? { ...state, race: { ...state.race, lanes: change(state.race) } } : state

const replaced = <T>([one, other]: Both<T>, at: At, change: (one: T) => T): Both<T> =>
  at === 0 ? [change(one), other] : [one, change(other)]

/** There is something to ask, somebody to answer, and nobody on the way. */
export const canStart = ({ running, prompt, models }: State): boolean =>
  !running && prompt.trim() !== '' && models.some(({ ready }) => ready)
