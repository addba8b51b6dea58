/** Writes the client of openapi.yaml into ./generated. */
import { registerHooks } from 'node:module'
import type { UserConfig } from '@hey-api/openapi-ts'

const here = import.meta.dirname

/**
 * The generator keeps one media type of a response, JSON before any other, and writes an SSE client
 * only where `text/event-stream` is the one it keeps. With the other two forms of an answer taken
 * away, `chat` streams `Event`s. It looks for the event in `schema`: of OpenAPI 3.2's `itemSchema` it
 * makes `unknown`, of a string with `contentSchema` a string.
 */
const config = {
  input: `${here}/../../openapi.yaml`,
  output: { path: `${here}/generated`, module: { extension: '.ts' } },
  logs: { level: 'warn', file: false },
  parser: {
    patch: {
      input(spec) {
        const answer = 'components' in spec ? spec.components?.responses?.['ChatAnswer'] : undefined
        if (!answer || !('content' in answer) || !answer.content?.['text/event-stream']) {
          throw new Error('openapi.yaml has no ChatAnswer that is an event stream')
        }
        for (const type in answer.content) {
          if (type !== 'text/event-stream') delete answer.content[type]
        }
      },
    },
  },
} satisfies UserConfig

// The generator is installed beside the project's own TypeScript 7, which has no JavaScript API.
// When it asks for TypeScript, it gets the one of this package.
registerHooks({
  resolve: (name, context, next) =>
    next(name, name === 'typescript' ? { ...context, parentURL: import.meta.url } : context),
})
const { createClient } = await import('@hey-api/openapi-ts')
await createClient(config)
