/** Any OpenAI-compatible endpoint (OpenAI, DeepSeek, Ollama, vLLM, …) through the SDK of OpenAI. */
import OpenAI, { APIConnectionError, APIError } from 'openai'
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions'
import type { Message, Prompt, Provider } from '../core/chunk.ts'
import type { ChatError } from '../core/errors.ts'
import { type Failure, broken, parseRetryAfter, patience, toError } from './failure.ts'
import { hear } from './hearing.ts'
import { type Reply, createTransport } from './transport.ts'

/** How a stopped text is gone on with. `native`: the endpoint completes an assistant message that
 * carries `prefix: true`, in the middle of a word. `prompt`: the model is asked to go on. */
type Prefix = 'native' | 'prompt'
/** The name of `max_tokens`: OpenAI's reasoning models know only the second. */
type MaxTokensField = 'max_tokens' | 'max_completion_tokens'

export interface OpenAIOptions {
  readonly baseURL: string
  /** Asked instead when a text is continued: DeepSeek completes prefixes at another address. */
  readonly prefixURL?: string
  /** Sent to these two addresses and nowhere else; none is sent without it. */
  readonly apiKey?: string
  /** The endpoint's name of the model. */
  readonly model: string
  readonly prefix: Prefix
  readonly maxTokensField?: MaxTokensField
  /** The first pause before a retry; the second is twice as long. */
  readonly backoffMs?: number
}

const BACKOFF_MS = 400
/** The longest that a timer takes: the SDK's own time limit must never be the one that ends a wait. */
const NEVER_MS = 2 ** 31 - 1

const params = [
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'seed',
  'stop',
] as const

/** What is said to a model that cannot complete a message of its own. */
const GO_ON =
  'Your last message was cut off. Go on exactly where it stops, in the middle of the word if need be. Repeat nothing of it and do not mention the interruption.'

/**
 * A provider of one model. Nothing is connected before it is asked; connections are kept alive for
 * the next question. Throws Error for a key that no header can carry.
 */
export function createOpenAI(options: OpenAIOptions): Provider {
  const transport = createTransport()
  const client = connect(options.baseURL, options.apiKey, transport.fetch)
  const completer =
    options.prefixURL === undefined
      ? client
      : connect(options.prefixURL, options.apiKey, transport.fetch)

  /** One try. */
  async function request(prompt: Prompt, signal: AbortSignal): Promise<Reply> {
    const sdk = prompt.prefix ? completer : client
    const sent = sdk.chat.completions.create(toBody(prompt, options), { signal })
    return transport.reply(await sent.asResponse())
  }

  /** As many tries as there is hope for a response; undefined once aborted. */
  async function ask(prompt: Prompt, signal: AbortSignal): Promise<Reply | undefined> {
    const backoffMs = options.backoffMs ?? BACKOFF_MS
    for (let retries = 0; !signal.aborted; retries++) {
      try {
        return await request(prompt, signal)
      } catch (error) {
        if (signal.aborted) return undefined
        const failure = toFailure(error)
        const wait = patience(failure, { retries, backoffMs, jitter: Math.random() })
        if (wait === undefined) throw toError(failure)
        await pause(wait, signal)
      }
    }
    return undefined
  }

  return {
    stream: (prompt, signal) => ({
      [Symbol.asyncIterator]: () => hear({ ask: end => ask(prompt, end), torn }, signal),
    }),
  }
}

function connect(
  baseURL: string,
  apiKey: string | undefined,
  fetch: typeof globalThis.fetch,
): OpenAI {
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new Error('An API key may hold only visible ASCII characters.')
  }
  return new OpenAI({
    baseURL,
    fetch,
    // The SDK demands a key; the header below is the one that counts.
    apiKey: apiKey ?? 'none',
    // Wins over a header that the SDK finds in the environment.
    defaultHeaders: { Authorization: apiKey === undefined ? null : `Bearer ${apiKey}` },
    maxRetries: 0,
    timeout: NEVER_MS,
    // At other levels it prints upstream data when that is not what it expects.
    logLevel: 'off',
  })
}

function toBody(prompt: Prompt, options: OpenAIOptions): ChatCompletionCreateParamsStreaming {
  const { max_tokens: max } = prompt.params
  const settings = params.flatMap(name => {
    const value = prompt.params[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(settings),
    ...(max !== undefined && { [options.maxTokensField ?? 'max_tokens']: max }),
    model: options.model,
    messages: toMessages(prompt, options.prefix),
    stream: true,
    stream_options: { include_usage: true },
  }
}

/** The endpoint's messages; `prefix` is DeepSeek's and Mistral's, which others with it ignore. */
function toMessages({ messages, prefix }: Prompt, style: Prefix): Message[] {
  if (prefix === undefined || prefix === '') return [...messages]
  const said = { role: 'assistant', content: prefix } as const
  if (style === 'native') return [...messages, { ...said, prefix: true } as Message]
  return [...messages, said, { role: 'user', content: GO_ON }]
}

/** The facts of what the SDK threw; its messages hold keys and addresses and stay behind. */
function toFailure(error: unknown): Failure {
  if (error instanceof APIConnectionError) {
    return { status: undefined, code: systemCode(error.cause), retryAfter: undefined }
  }
  // A fault of ours, not of the endpoint's.
  if (!(error instanceof APIError)) throw error
  const retryAfter = parseRetryAfter(error.headers?.get('retry-after'), Date.now())
  const quota = error.type === 'insufficient_quota'
  const code = quota ? error.type : vendorCode(error.code)
  return { status: error.status, code, retryAfter }
}

/** Only a code that we know: any other is a vendor's text and may hold anything. */
const vendorCode = (code: unknown): string | undefined =>
  code === 'insufficient_quota' || code === 'context_length_exceeded' ? code : undefined

/** `ECONNRESET` and its like. */
function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

const torn = (error: unknown): ChatError =>
  broken('The connection to the model broke in the middle.', systemCode(error))

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
