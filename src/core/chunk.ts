/**
 * What a provider is and what it says. A provider speaks in chunks; it knows nothing of
 * generations, numbers or clients.
 */

export type Role = 'system' | 'user' | 'assistant'

/** One message of the context sent to a model. */
export interface Message {
  readonly role: Role
  readonly content: string
}

/** Sampling settings in the names of the OpenAI API; `system` is put before the context. */
export interface Params {
  readonly temperature?: number
  readonly top_p?: number
  readonly max_tokens?: number
  readonly presence_penalty?: number
  readonly frequency_penalty?: number
  readonly seed?: number
  readonly stop?: readonly string[]
  readonly system?: string
}

/** Settings to lay over others; null leaves one to the model again. */
export type ParamsChange = { readonly [K in keyof Params]?: Params[K] | null }

export type FinishReason = 'complete' | 'length' | 'content_filter'

/**
 * A piece of what a model says. `finish` is said at most once and only when the provider itself
 * reported why it ended; a stream without it broke off. `usage` counts tokens and may follow it.
 */
export type Chunk =
  | { readonly type: 'text' | 'reasoning'; readonly text: string }
  | { readonly type: 'usage'; readonly input: number; readonly output: number }
  | { readonly type: 'finish'; readonly reason: FinishReason }

/**
 * What a model is asked. `messages` is the whole context, system message first if there is one.
 * `prefix` is what the answer has said so far and must be continued from, never repeated.
 */
export interface Prompt {
  readonly messages: readonly Message[]
  readonly params: Params
  readonly prefix?: string
}

export interface Provider {
  /**
   * Stream one answer: each batch holds the chunks of one read of the upstream. A batch may be
   * empty, as a sign of life. Retries happen inside, before the first chunk only. Throws ChatError
   * (`provider_*`). When `signal` aborts, or the loop over it is left, the upstream socket is
   * closed before the iterator returns; the loop then just ends.
   */
  stream(prompt: Prompt, signal: AbortSignal): AsyncIterable<readonly Chunk[]>
}

/** One model that can be asked for. `missing` names what is needed before it is ready. */
export interface Model {
  readonly id: string
  readonly label: string
  /** Who runs it, for people: `OpenAI`, `DeepSeek`, a host name. */
  readonly vendor: string
  readonly ready: boolean
  readonly missing?: string
  /** In tokens: prompt and answer together. */
  readonly contextWindow: number
  readonly provider: Provider
}

/** All models, ready or not, in the order they are shown. */
export interface Catalogue {
  list(): readonly Model[]
  /** The model of that id, ready or not. */
  find(id: string): Model | undefined
  /** The configured default, else the first ready one. */
  readonly preferred: Model | undefined
}
