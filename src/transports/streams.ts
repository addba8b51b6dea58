/** The schemas of the routes that stream: what is asked in a query, and all that may be answered. */
import { Type } from '@sinclair/typebox'
import * as examples from './examples.ts'
import { numericParams } from './params.ts'
import { errors } from './routes.ts'
import { ref, strict } from './schema.ts'
import { GenerationSchema } from './views.ts'
import { EventSchema } from './wire.ts'

const number = (description: string) =>
  Type.Optional(Type.String({ pattern: '^-?[0-9]{1,16}(\\.[0-9]{1,8})?$', description }))
const string = (description: string) => Type.Optional(Type.String({ description }))

export const StartQuery = strict({
  message: string('What the user says; needed unless `Last-Event-ID` or `regenerate` is given'),
  model: string('As in the body of the POST; so are all the others'),
  modelType: string('Another spelling of `model`'),
  conversation: string('Go on with this conversation'),
  regenerate: string('A turn'),
  edit: string('A turn'),
  onDisconnect: string('`continue` or `stop`'),
  idempotencyKey: string('For EventSource, which cannot set the header'),
  system: string('`params.system`'),
  ...Object.fromEntries(numericParams.map(name => [name, number(`\`params.${name}\``)])),
})

/**
 * One event's data. OpenAPI 3.1 leaves open what the schema of a stream describes (3.2 has itemSchema
 * for it, which generators turn into `unknown`); those that know SSE take it for that of the data.
 */
const EventStream = {
  schema: ref(EventSchema),
  examples: Object.fromEntries(
    Object.entries(examples.events).map(([type, value]) => [type, { value }]),
  ),
}

const streaming = `Each event of \`text/event-stream\` has an \`id\`, \`<generation>:<seq>\`, and one
\`data\` line, an \`Event\` as JSON; a comment at least every 15 s shows that the connection lives:

\`\`\`
${examples.stream}
\`\`\``

const seenAll = Type.Null({ description: 'The terminal event was seen already: nothing will come' })

/** How the answer is asked for. */
export const startText = `
\`Accept: text/event-stream\` (default) streams events, \`text/plain\` the bare text; a failure in
mid-answer cuts it. \`application/json\` waits for the whole. What fails before the first piece of a
bare text, or before the end of a whole, is a status (502, 503, 504, 500) with the id of the generation;
in a stream of events it is the event \`failed\`.

With \`Last-Event-ID\` it resumes that generation and starts nothing, whatever else is asked for.
`.trim()

/** What a route that streams events only can answer. */
export const eventAnswers = {
  200: {
    description: `The events after the cursor, then what comes. ${streaming}`,
    content: { 'text/event-stream': EventStream },
  },
  204: seenAll,
  ...errors('invalid_request', 'not_found', 'conflict', 'rate_limited', 'overloaded'),
}

/** What a start can answer, whatever its method. */
export const startAnswers = {
  200: {
    description: `The answer, as it is written. ${streaming}`,
    headers: {
      'X-Generation': {
        type: 'string',
        description: 'With `text/plain`: the id of the generation',
      },
    },
    content: {
      'text/event-stream': EventStream,
      'text/plain': {
        schema: Type.String({ description: 'The bare text of the answer' }),
        example: examples.whole.text,
      },
      'application/json': { schema: ref(GenerationSchema), example: examples.whole },
    },
  },
  204: seenAll,
  ...errors('invalid_request', 'not_found', 'conflict', 'rate_limited'),
  ...errors('provider_rejected', 'provider_unavailable', 'provider_broken', 'provider_timeout'),
  ...errors('overloaded', 'interrupted', 'internal'),
}
