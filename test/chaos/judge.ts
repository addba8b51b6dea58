/** The promises of the protocol, held against a history. Pure; each finding is a sentence. */
import { answerOf, isTerminal } from '../support/wire.ts'
import { type Asked, type History, type Outcome, type Reading, parse } from './history.ts'

export function judge(history: History, outcome: Outcome): string[] {
  return [
    ...history.faults,
    ...history.readings.flatMap(reading => [...once(reading), ...unsaid(reading, outcome)]),
    ...[...outcome.logs].flatMap(([id, texts]) => [...shape(id, texts), ...kept(id, outcome)]),
    ...history.obeyed.flatMap(one => obedience(one, outcome)),
    ...history.asked.flatMap(asked => [...asking(asked, outcome), ...words(asked, outcome)]),
  ]
}

/** Promise 2: each event once, in order, without a hole. */
function once({ reader, generation, after, texts }: Reading): string[] {
  const wrong = texts.findIndex((text, i) => parse(text).seq !== after + 1 + i)
  if (wrong === -1) return []
  const came = parse(texts[wrong] ?? '{}').seq
  return [`${reader} read ${came} of ${generation} where ${after + 1 + wrong} comes next`]
}

/** Promise 1: what was seen is in the log, under its seq, byte for byte. */
function unsaid({ reader, generation, texts }: Reading, { logs }: Outcome): string[] {
  const log = logs.get(generation)
  if (log === undefined) return [`${reader} read ${generation}, which is gone`]
  const lost = texts.find(text => log[parse(text).seq - 1] !== text)
  return lost === undefined ? [] : [`${reader} saw what ${generation} does not have: ${lost}`]
}

/** Promise 3, and the numbers. */
function shape(generation: string, texts: readonly string[]): string[] {
  const events = texts.map(parse)
  const found: string[] = []
  const ends = events.filter(isTerminal).length
  if (ends !== 1) found.push(`${generation} has ${ends} terminal events`)
  const last = events.at(-1)
  if (last === undefined || !isTerminal(last)) found.push(`${generation} does not end with its end`)
  if (events[0]?.type !== 'started') found.push(`${generation} does not begin with started`)
  if (events.some(({ seq }, i) => seq !== i + 1)) found.push(`${generation} has a hole`)
  return found
}

/** The conversation says what the log says. */
function kept(generation: string, { logs, answers }: Outcome): string[] {
  const answer = answers.get(generation)
  const text = textOf(logs.get(generation) ?? [])
  if (answer === undefined) return [`${generation} is in no conversation`]
  return answer === text ? [] : [`${generation} reads otherwise in its conversation`]
}

/** Promise 4, and that a yes to an update is in the log. */
function obedience(obeyed: History['obeyed'][number], { logs }: Outcome): string[] {
  const { generation, command, mark, stillOpen = 0 } = obeyed
  if (stillOpen > 0) return [`${generation} was stopped with ${stillOpen} requests open`]
  if (command === 'stop') return []
  const found = (logs.get(generation) ?? [])
    .map(parse)
    .some(event => event.type === 'updated' && event.params.temperature === mark)
  return found ? [] : [`${generation} lost its update ${mark}`]
}

/** One key, one answer. */
function asking({ name, generations }: Asked, { conversations }: Outcome): string[] {
  const count = conversations.get(name) ?? 0
  if (count > 1) return [`${name} was asked once and is there ${count} times`]
  if (generations.size > 1) return [`${name} got ${[...generations].join(' and ')}`]
  return generations.size === 1 && count === 0 ? [`${name} was taken and is gone`] : []
}

/** The model counts; so an answer is 1 2 3 … as far as it came, and all of it if it is complete. */
function words({ name, target, generations }: Asked, { logs, said }: Outcome): string[] {
  const [generation] = generations
  const log = logs.get(generation ?? '')
  if (generation === undefined || log === undefined) return []
  const numbers = textOf(log).split(' ').filter(Boolean).map(Number)
  const found: string[] = []
  if (numbers.some((number, i) => number !== i + 1)) found.push(`${generation} does not count`)
  if (numbers.length > (said.get(name) ?? 0)) found.push(`${generation} says more than its model`)
  const end = parse(log.at(-1) ?? '{}')
  const complete = end.type === 'done' && end.reason === 'complete'
  if (complete && numbers.length !== target) found.push(`${generation} is complete without its end`)
  return found
}

export const textOf = (texts: readonly string[]): string => answerOf(texts.map(parse))
