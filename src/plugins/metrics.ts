import { Gauge, type Registry, collectDefaultMetrics } from '@prometheus-io/client'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

export interface MetricsOptions {
  readonly live: () => number
  readonly registry: Registry
}

/**
 * How often Node's event loop is looked at. The library's own 10 and 100 ms wake an idle process a
 * hundred times a second, which is 1 % of a processor.
 */
const looks = { eventLoopMonitoringPrecision: 50, eventLoopUtilizationTimeout: 1000 }

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
  collectDefaultMetrics({ register: registry, ...looks })
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
