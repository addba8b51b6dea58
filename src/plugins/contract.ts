/** The finish of the contract: what holds for many routes is said once, under a name. */
import { failure, failures, retryAfter } from './failures.ts'

/** As much of an OpenAPI document as is touched here. */
export interface Contract {
  readonly components: Record<string, object>
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}
interface Operation {
  readonly operationId: string
  security?: readonly object[]
  parameters?: readonly (Reference & { readonly in?: string; readonly name?: string })[]
  responses: Record<string, Reference & { readonly content?: object }>
}
interface Reference {
  readonly $ref?: string
}

/**
 * Adds what hooks answer for every route (401 under `/api/`, 403, 500), and puts a reference in the
 * place of errors, of headers, and of answers that several routes give.
 */
export function finish({ components, paths }: Contract): void {
  const operations = Object.values(paths).flatMap(methods => Object.values(methods))
  for (const [path, methods] of Object.entries(paths)) {
    const open = !path.startsWith('/api/')
    for (const operation of Object.values(methods)) {
      if (open) operation.security = []
      for (const status of open ? [403, 500] : [401, 403, 500]) operation.responses[status] ??= {}
    }
  }
  const answers = shareAnswers(operations)
  components['responses'] = { ...answers, ...failures() }
  components['parameters'] = shareHeaders(operations)
  components['headers'] = { RetryAfter: retryAfter }
}

/** Puts references in; an answer that two operations give is named after the first of them. */
function shareAnswers(operations: readonly Operation[]): Record<string, object> {
  const shared: Record<string, object> = {}
  const first = new Map<string, Operation>()
  for (const operation of operations) {
    for (const [status, answer] of Object.entries(operation.responses)) {
      const text = JSON.stringify(answer)
      const earlier = first.get(text)
      if (Number(status) >= 400) operation.responses[status] = failure(Number(status))
      else if (earlier === undefined) first.set(text, operation)
      else if (answer.content !== undefined) {
        const name = `${capital(earlier.operationId)}Answer`
        shared[name] = answer
        const $ref = { $ref: `#/components/responses/${name}` }
        earlier.responses[status] = operation.responses[status] = $ref
      }
    }
  }
  return shared
}

function shareHeaders(operations: readonly Operation[]): Record<string, object> {
  const shared: Record<string, object> = {}
  for (const operation of operations) {
    if (operation.parameters === undefined) continue
    operation.parameters = operation.parameters.map(parameter => {
      if (parameter.in !== 'header' || parameter.name === undefined) return parameter
      const name = parameter.name.replaceAll('-', '')
      shared[name] = parameter
      return { $ref: `#/components/parameters/${name}` }
    })
  }
  return shared
}

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`
