import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from '@prometheus-io/client'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** What the composition root reports; the names are the labels of the metrics. */
export interface Meter {
  readonly started: (model: string) => void
  readonly first: (model: string, ms: number) => void
  readonly ended: (model: string, end: string) => void
  readonly reader: (transport: string, change: number) => void
}

export interface MetricsOptions {
  readonly live: () => number
  readonly registry: Registry
}

const FIRST_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** The meter and its registry; one of each an app, so that two apps in a process count apart. */
export function createMeter(): { meter: Meter; registry: Registry } {
  const registry = new Registry()
  const common = { registers: [registry] }
  const started = new Counter({
    ...common,
    name: 'chatai_generations_started_total',
    help: 'Generations started',
    labelNames: ['model'],
  })
  const ended = new Counter({
    ...common,
    name: 'chatai_generations_ended_total',
    help: 'Generations ended, by reason of done or code of failed',
    labelNames: ['model', 'end'],
  })
  const first = new Histogram({
    ...common,
    name: 'chatai_first_token_seconds',
    help: 'From the start to the first piece of the answer in the log',
    labelNames: ['model'],
    buckets: FIRST_SECONDS,
  })
  const readers = new Gauge({
    ...common,
    name: 'chatai_readers',
    help: 'Clients that read a generation now',
    labelNames: ['transport'],
  })
  return {
    registry,
    meter: {
      started: model => started.inc({ model }),
      first: (model, ms) => first.observe({ model }, ms / 1000),
      ended: (model, end) => ended.inc({ model, end }),
      reader: (transport, change) => readers.inc({ transport }, change),
    },
  }
}

const schema = {
  operationId: 'getMetrics',
  tags: ['operation'],
  summary: 'Prometheus metrics',
  response: {
    200: { description: 'Text format', content: { 'text/plain': { schema: { type: 'string' } } } },
  },
}

/** `GET /metrics` in the Prometheus text format. */
export const metrics = fp(async (app: FastifyInstance, { live, registry }: MetricsOptions) => {
  collectDefaultMetrics({ register: registry })
  const gauge: Gauge = new Gauge({
    registers: [registry],
    name: 'chatai_generations_live',
    help: 'Generations being written now',
    collect() {
      gauge.set(live())
    },
  })
  app.get('/metrics', { schema }, async (_request, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics())
  })
})
