/** The committed openapi.yaml, and whether what a server says is in it. */
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import { parse } from 'yaml'

export interface Contract {
  readonly info: { readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly responses: Readonly<Record<string, Answer>>
  }
}
export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security?: readonly object[]
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, Answer | Reference>>
}
export interface Answer {
  readonly description: string
  readonly headers?: Readonly<Record<string, object>>
  readonly content?: Readonly<Record<string, { readonly schema: object }>>
}
interface Reference {
  readonly $ref: string
}
interface Schema {
  readonly enum?: readonly string[]
  readonly properties?: object
  readonly examples?: readonly object[]
}

export const contractText = readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')
export const contract = parse(contractText) as Contract

/** Says what is wrong with a value by a schema; undefined if nothing is. */
export type Judge = (schema: object, value: unknown) => string | undefined

/** Fastify's own validator over these schemas, which refer to each other by `$id`. */
export async function createJudge(schemas: readonly object[]): Promise<Judge> {
  const options = { strict: false, coerceTypes: false, removeAdditional: false, useDefaults: false }
  const app = Fastify({ ajv: { customOptions: options } })
  for (const schema of schemas) app.addSchema(schema)
  // A validator is only made where a route has a use for it.
  app.get('/', { schema: { querystring: {} } }, () => '')
  await app.ready()
  return (schema, value) => {
    const validate = app.validatorCompiler?.({ schema, method: '', url: '' })
    if (validate === undefined || validate(value) === true) return undefined
    return JSON.stringify({ faults: 'errors' in validate ? validate.errors : [], value })
  }
}

/** A judge of the contract's schemas, for which a field that they do not name is wrong. */
export async function createContractJudge(): Promise<Judge> {
  const closed = JSON.parse(JSON.stringify(contract), (_key, value: Schema) =>
    value?.properties === undefined ? value : { additionalProperties: false, ...value },
  ) as object
  const judge = await createJudge([{ $id: 'contract', ...closed }])
  const absolute = (schema: object): object =>
    JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', '"$ref":"contract#')) as object
  return (schema, value) => judge(absolute(schema), value)
}

/** The answer itself, where the contract has a reference to it. */
export function resolve(answer: Answer | Reference | undefined): Answer | undefined {
  if (answer === undefined || !('$ref' in answer)) return answer
  return contract.components.responses[answer.$ref.replace('#/components/responses/', '')]
}

/** What a server said, held to an operation: its status, media type, headers and body. */
export async function judgeAnswer(
  judge: Judge,
  operation: Operation,
  response: Response,
): Promise<{ body: unknown; fault: string | undefined }> {
  const { status, headers } = response
  const text = await response.text()
  const type = headers.get('content-type')?.split(';')[0] ?? ''
  const body: unknown = type === 'application/json' ? JSON.parse(text) : text
  const answer = resolve(operation.responses[status])
  const fault = (what: string) => ({ body, fault: `${operation.operationId} ${status}: ${what}` })
  if (answer === undefined) return fault('there is no such status')
  for (const name of ['retry-after', 'location', 'x-generation']) {
    const said = Object.keys(answer.headers ?? {}).some(header => header.toLowerCase() === name)
    if (headers.has(name) && !said) return fault(`there is no header ${name}`)
  }
  if (answer.content === undefined) return text === '' ? { body, fault: undefined } : fault(text)
  const media = answer.content[type]
  if (media === undefined) return fault(`there is no ${type}`)
  if (type === 'text/event-stream') return { body, fault: judgeEvents(judge, media.schema, text) }
  const wrong = judge(media.schema, body)
  return wrong === undefined ? { body, fault: undefined } : fault(wrong)
}

function judgeEvents(judge: Judge, schema: object, text: string): string | undefined {
  const lines = text.split('\n').filter(line => line.startsWith('data: '))
  if (lines.length === 0) return 'there is no event'
  const faults = lines.map(line => judge(schema, JSON.parse(line.slice('data: '.length))))
  return faults.find(fault => fault !== undefined)
}
