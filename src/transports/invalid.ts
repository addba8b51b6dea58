import { ChatError } from '../core/errors.ts'

/** What Ajv says of one fault. */
export interface Fault {
  readonly keyword: string
  readonly instancePath: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string
}

/** The first fault as an error that names the field and never repeats its value. */
export function explain(faults: readonly Fault[], where: string): ChatError {
  const fault = faults[0]
  if (fault === undefined) return new ChatError('invalid_request', `The ${where} is not valid.`)
  const path = fault.instancePath.slice(1).replaceAll('/', '.')
  const { additionalProperty, allowedValues } = fault.params
  if (typeof additionalProperty === 'string') {
    const field = [path, additionalProperty].filter(part => part !== '').join('.')
    return new ChatError(
      'invalid_request',
      `Unknown field ${JSON.stringify(field)} in the ${where}.`,
    )
  }
  const name = path === '' ? `The ${where}` : `${path} in the ${where}`
  const choices = Array.isArray(allowedValues) ? `: ${allowedValues.join(', ')}` : ''
  return new ChatError('invalid_request', `${name} ${fault.message ?? 'is wrong'}${choices}.`)
}
