import { ChatError } from '../core/errors.ts'

/** How Ajv judges what clients send. A discriminator is a word for those who generate clients. */
export const judging = {
  removeAdditional: false,
  coerceTypes: false,
  allErrors: false,
  keywords: ['discriminator'],
}

/** What Ajv says of one fault. */
export interface Fault {
  readonly keyword: string
  readonly instancePath: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string
}

/** Of a field that is named in an answer: nobody is sent back what he sent. */
const LONGEST_NAME = 64

/** Where Fastify found it, in words for people. */
const places: Readonly<Record<string, string>> = { querystring: 'query', params: 'address' }

/** The first fault as an error that names the field and never repeats its value. */
export function explain(faults: readonly Fault[], where: string): ChatError {
  const place = places[where] ?? where
  const fault = telling(faults)
  const sentence = fault === undefined ? `The ${place} is not valid.` : describe(fault, place)
  return new ChatError('invalid_request', sentence)
}

/** The one to tell: where a value may have several forms, each of them has its own complaint. */
function telling(faults: readonly Fault[]): Fault | undefined {
  const choice = faults.find(({ keyword }) => keyword === 'oneOf')
  if (choice === undefined) return faults[0]
  // One that goes deeper is about a field of the form that was meant; a constant says it was not.
  const meant = faults.find(
    ({ keyword, instancePath }) =>
      keyword !== 'const' && instancePath.startsWith(`${choice.instancePath}/`),
  )
  return meant ?? choice
}

function describe(fault: Fault, place: string): string {
  const path = fault.instancePath.slice(1).replaceAll('/', '.')
  const { additionalProperty, missingProperty } = fault.params
  if (typeof additionalProperty === 'string') {
    const field = [path, additionalProperty].filter(part => part !== '').join('.')
    const name = field.length > LONGEST_NAME ? `${field.slice(0, LONGEST_NAME)}…` : field
    return `Unknown field ${JSON.stringify(name)} in the ${place}.`
  }
  if (typeof missingProperty === 'string') return `The ${place} needs the field ${missingProperty}.`
  const name = path === '' ? `The ${place}` : `${path} in the ${place}`
  return `${name} ${demand(fault)}.`
}

/** What it must be. */
function demand({ keyword, params, message }: Fault): string {
  const { type, limit, allowedValues } = params
  switch (keyword) {
    case 'type':
      return `must be ${[type]
        .flat()
        .map(name => types[String(name)] ?? String(name))
        .join(' or ')}`
    case 'enum':
      return `must be one of ${(allowedValues as unknown[]).join(', ')}`
    case 'minLength':
      return 'must not be empty'
    case 'maxLength':
      return `must not be longer than ${String(limit)} characters`
    case 'minItems':
      return `must have at least ${String(limit)} entries`
    case 'maxItems':
      return `must not have more than ${String(limit)} entries`
    case 'minProperties':
      return 'must name at least one field'
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`
    case 'oneOf':
      return 'is none of the forms it may have'
    case 'pattern':
      return params['pattern'] === '\\S' ? 'must not be empty' : 'is not of the form it must have'
    default:
      return message ?? 'is wrong'
  }
}

const types: Readonly<Record<string, string>> = {
  object: 'a JSON object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
}
