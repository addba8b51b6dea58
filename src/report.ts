/** What the operator learns of a generation: a line in the log and a count in the metrics. */
import type { FastifyBaseLogger } from 'fastify'
import type { Ending } from './core/event.ts'
import type { Life } from './core/live.ts'
import type { Change, Meter } from './plugins/meter.ts'

/** A line and a count for each event in the life of a generation; never what is said in it. */
export function report(life: Life, log: FastifyBaseLogger, meter: Meter): void {
  const { type, generation, model } = life
  meter.change(changeOf(life))
  if (type === 'fault') return complain(life, log)
  if (type === 'first') return
  if (type !== 'ended') return log.info({ generation, model }, `generation ${type}`)
  const { end, ms } = life
  return log.info({ generation, model, end: endOf(end), ms: Math.round(ms) }, 'generation ended')
}

/** A provider's failure is for the operator to see, by its status or error code, never its words. */
function complain(life: Extract<Life, { type: 'fault' }>, log: FastifyBaseLogger): void {
  const { generation, model, error } = life
  const { code, cause } = error
  if (code === 'internal') return log.error({ generation, model, err: cause }, 'generation failed')
  const reason = cause instanceof Error ? cause.message : cause
  return log.warn({ generation, model, code, reason }, 'generation failed')
}

/** The same for the metrics, which know no types of the core. */
function changeOf(life: Life): Change {
  if (life.type === 'fault') return { ...life, code: life.error.code }
  if (life.type === 'ended') return { ...life, end: endOf(life.end) }
  return life
}

const endOf = (end: Ending): string => (end.type === 'done' ? end.reason : end.code)
