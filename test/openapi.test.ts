/** openapi.yaml and the server say the same: its routes, its table of errors, its real answers. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'
import t from 'tap'
import { codes, isRetryable } from '../src/core/errors.ts'
import { close, statusOf } from '../src/transports/status.ts'
import { commands, namedSchemas } from '../src/transports/wire.ts'
import { build } from './support/app.ts'
import { contract, contractText, createContractJudge, createJudge } from './support/contract.ts'

const { description } = contract.info
const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)
const errorStatuses = [...new Set(codes.map(code => statusOf[code].http))]

t.test('the file is what the routes give, and what the server serves', async t => {
  const { server, url } = await build(t)
  t.equal(contractText, server.contract(), 'run `npm run openapi` after a change of a schema')
  const served = await fetch(`${url}/openapi.yaml`)
  t.equal(await served.text(), contractText)
  t.equal(served.headers.get('content-type'), 'application/yaml')
})

t.test('its text does not depend on the settings', async t => {
  const env = { API_KEYS: 'one,two', PORT: '1234', HOST: '0.0.0.0', MAX_BODY_BYTES: '9999' }
  const { server } = await build(t, { env })
  t.equal(server.contract(), contractText)
})

t.test('every route is in the contract, and the reverse', async t => {
  const routes: RouteOptions[] = []
  // Published when a Fastify is made, before any of its routes.
  const watch = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', route => void routes.push(route))
  }
  subscribe('fastify.initialization', watch)
  await build(t)
  unsubscribe('fastify.initialization', watch)
  const real = routes.filter(({ config }) => config?.refused !== true)
  const hidden = real.filter(route => Reflect.get(route.schema ?? {}, 'hide') === true)
  const registered = real
    .filter(route => !hidden.includes(route))
    .flatMap(({ method, url }) => [method].flat().map(verb => `${verb} ${url}`))
    // HEAD is GET without its body, by HTTP itself.
    .filter(line => !line.startsWith('HEAD '))
  const described = operations.map(
    ({ path, method }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
  )
  t.same(registered.toSorted(), described.toSorted())
  for (const { url } of hidden) {
    // The page is one line of the text, however many files it has.
    const named = url.startsWith('/api/') ? `GET ${url}` : 'GET /`'
    t.ok(description.includes(named), `${url} is in the text`)
  }
  t.ok(hidden.some(({ url }) => url === '/api/ai/chat/websocket'))
})

t.test('every operation has a name, a summary, a tag, and what hooks can answer', async t => {
  const names = operations.map(({ operation }) => operation.operationId)
  t.equal(new Set(names).size, names.length)
  for (const { path, operation } of operations) {
    const { operationId, summary, tags, security, responses, requestBody } = operation
    const open = !path.startsWith('/api/')
    t.ok(summary && tags.length === 1, operationId)
    t.ok('403' in responses && '500' in responses, operationId)
    t.equal('401' in responses, !open, operationId)
    t.same(security, open ? [] : undefined, operationId)
    if (requestBody !== undefined) t.ok('413' in responses && '415' in responses, operationId)
  }
})

t.test('the table of errors, the codes and the contract agree', async t => {
  t.same(contract.components.schemas['Code']?.enum, codes)
  const answers = Object.values(contract.components.responses)
  for (const status of errorStatuses) {
    const here = codes.filter(code => statusOf[code].http === status)
    const answer = answers.find(({ content }) => {
      const examples = Reflect.get(content?.['application/json'] ?? {}, 'examples')
      return (
        examples !== undefined && JSON.stringify(Object.keys(examples)) === JSON.stringify(here)
      )
    })
    t.ok(answer, `${status} is ${here.join(', ')}`)
    t.equal('Retry-After' in (answer?.headers ?? {}), here.some(isRetryable), `${status} retry`)
  }
  const used = operations.flatMap(({ operation }) => Object.keys(operation.responses).map(Number))
  const failures = new Set(used.filter(status => status >= 400))
  t.same(failures, new Set([...errorStatuses, 415]), 'and 415, of Fastify')
})

t.test('the WebSocket protocol is in the text', async t => {
  const [, listed = ''] = /Close codes: ([^]*?)\n\n/.exec(description) ?? []
  const said = listed.match(/\b\d{4}\b/g)?.map(Number) ?? []
  const own = [...Object.values(statusOf).map(status => status.close), ...Object.values(close)]
  // Those that ws itself closes with: framing, UTF-8.
  t.same(new Set(said), new Set([...own, 1002, 1007]))

  const judge = await createJudge(namedSchemas)
  const lines = description.split('\n').filter(line => line.startsWith('{"id"'))
  const examples = lines.map(line => JSON.parse(line) as { type: string })
  const shown = examples.filter(({ type }) => Object.hasOwn(commands, type))
  t.same(
    shown.map(({ type }) => type),
    Object.keys(commands),
  )
  for (const example of shown) {
    t.equal(judge(commands[example.type as keyof typeof commands], example), undefined)
  }
})

t.test('every example fits its schema', async t => {
  const judge = await createContractJudge()
  let count = 0
  function visit(node: unknown): void {
    if (typeof node !== 'object' || node === null) return
    const { schema, example, examples } = node as Record<string, unknown>
    const where = schema ?? node
    const values = [...(example === undefined ? [] : [example]), ...listed(examples)]
    for (const value of values) {
      count++
      t.equal(judge(where, value), undefined)
    }
    for (const [key, value] of Object.entries(node)) {
      if (key !== 'example' && key !== 'examples') visit(value)
    }
  }
  visit(contract)
  t.ok(count > 60, `${count} examples`)
  for (const name of [
    'Start',
    'Update',
    'ConversationFile',
    'Generation',
    'Conversation',
    'TextEvent',
    'ModelList',
  ]) {
    t.ok(Object.hasOwn(contract.components.schemas[name] ?? {}, 'examples'), name)
  }
})

/** The values of JSON Schema's list of examples, or of OpenAPI's named ones. */
function listed(examples: unknown): unknown[] {
  if (Array.isArray(examples)) return examples
  return Object.values(examples ?? {}).map(example => (example as { value: unknown }).value)
}

t.test('the stream that is shown is one', async t => {
  const judge = await createContractJudge()
  const shown = contract.components.responses['ChatAnswer']?.description ?? ''
  const [, stream = ''] = /```\n([^]*?)\n```/.exec(shown) ?? []
  const frames = stream.split('\n\n').filter(frame => frame.startsWith('id: '))
  const seen = frames.map(frame => {
    const [, id, data = ''] = /^id: (\S+)\ndata: (.*)$/.exec(frame) ?? []
    const event = JSON.parse(data) as { generation: string; seq: number; type: string }
    t.equal(id, `${event.generation}:${event.seq}`)
    t.equal(judge({ $ref: '#/components/schemas/Event' }, event), undefined)
    return event
  })
  const counted = seen.map((_, i) => i + 1)
  t.same(
    seen.map(({ seq }) => seq),
    counted,
  )
  t.equal(seen.at(-1)?.type, 'done')
})
