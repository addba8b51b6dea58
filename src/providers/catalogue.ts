/** Plain model entries → the models that can be asked. */
import type { Catalogue, Model, Provider } from '../core/chunk.ts'
import { ChatError } from '../core/errors.ts'
import type { Entry } from './entry.ts'
import { createOpenAI } from './openai.ts'

export interface CatalogueOptions {
  /** Settings of the built-in models: what their APIs call them, and where `local` is. */
  readonly openaiModel?: string | undefined
  readonly deepseekModel?: string | undefined
  readonly localModel?: string | undefined
  readonly localBaseURL: string
  /** Entries of the models file. One with a built-in id, `demo` too, takes that model's place. */
  readonly entries?: readonly Entry[] | undefined
  /** The value of the environment variable that an entry names as its key's. */
  readonly keys: (variable: string) => string | undefined
  /** The provider that is always ready; its model is shown last. */
  readonly demo: Provider
  /** The id of the default model. */
  readonly preferred?: string | undefined
}

/** An entry with the name of the setting that it lacks besides a key, if any. */
type Draft = Entry & { readonly lacks?: string }

const DEMO_ID = 'demo'

/** Throws an Error of one sentence if the default model is unknown or not ready, or a key is bad. */
export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { entries = [], keys } = options
  const replaced = new Map(entries.map(entry => [entry.id, entry]))
  const { first, local } = builtIn(options)
  const own = new Set([...first, local].map(({ id }) => id).concat(DEMO_ID))
  const drafts: Draft[] = [...first, ...entries.filter(({ id }) => !own.has(id)), local]
  const models = drafts.map(draft => toModel(replaced.get(draft.id) ?? draft, keys))
  const stand = replaced.get(DEMO_ID)
  models.push(stand === undefined ? toDemo(options.demo) : toModel(stand, keys))
  const byId = new Map(models.map(model => [model.id, model]))
  return {
    list: () => models,
    find: id => byId.get(id),
    preferred: choose(models, options.preferred),
  }
}

function builtIn(options: CatalogueOptions): { first: Draft[]; local: Draft } {
  const { openaiModel = 'gpt-5.4-mini', deepseekModel = 'deepseek-v4-flash', localModel } = options
  const chatgpt: Draft = {
    id: 'chatgpt',
    label: 'ChatGPT',
    vendor: 'OpenAI',
    baseURL: 'https://api.openai.com/v1',
    model: openaiModel,
    apiKeyEnv: 'OPENAI_API_KEY',
    // The smallest window among OpenAI's present models: which one it is, is a setting.
    contextWindow: 128_000,
    // OpenAI answers an assistant message at the end instead of completing it.
    prefix: 'prompt',
    maxTokensField: 'max_completion_tokens',
  }
  const deepseek: Draft = {
    id: 'deepseek',
    label: 'DeepSeek',
    vendor: 'DeepSeek',
    baseURL: 'https://api.deepseek.com',
    // Prefixes are completed by the beta API alone; what needs no prefix stays with the stable one.
    prefixURL: 'https://api.deepseek.com/beta',
    model: deepseekModel,
    apiKeyEnv: 'DEEPSEEK_API_KEY',
    // Of its present models 1,000,000, of older ones this.
    contextWindow: 128_000,
    prefix: 'native',
  }
  const local: Draft = {
    id: 'local',
    label: 'Local model',
    vendor: hostOf(options.localBaseURL),
    baseURL: options.localBaseURL,
    model: localModel ?? '',
    contextWindow: 8192,
    // Ollama and llama.cpp complete a prefix with some chat templates and not with others.
    prefix: 'prompt',
    ...(localModel === undefined && { lacks: 'LOCAL_MODEL' }),
  }
  return { first: [chatgpt, deepseek], local }
}

function hostOf(url: string): string {
  const host = URL.parse(url)?.host
  if (host) return host
  throw new Error('The setting LOCAL_BASE_URL must be a URL like http://127.0.0.1:11434/v1.')
}

function toModel(draft: Draft, keys: CatalogueOptions['keys']): Model {
  const { id, label, contextWindow, apiKeyEnv } = draft
  const vendor = draft.vendor ?? hostOf(draft.baseURL)
  const key = apiKeyEnv === undefined ? undefined : keys(apiKeyEnv)?.trim()
  const missing = apiKeyEnv !== undefined && !key ? apiKeyEnv : draft.lacks
  const shown = { id, label, vendor, contextWindow }
  if (missing !== undefined) return { ...shown, ready: false, missing, provider: unready(missing) }
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw new Error(`The setting ${apiKeyEnv} holds characters that no API key has.`)
  }
  const provider = createOpenAI({ ...draft, ...(key !== undefined && { apiKey: key }) })
  return { ...shown, ready: true, provider }
}

function toDemo(provider: Provider): Model {
  const shown = { id: DEMO_ID, label: 'Demo (scripted, no AI)', vendor: 'this server' }
  return { ...shown, ready: true, contextWindow: 128_000, provider }
}

/** For whoever asks a model that is not ready without having looked. */
function unready(missing: string): Provider {
  return {
    // oxlint-disable-next-line require-yield -- it has nothing to say
    async *stream() {
      throw new ChatError(
        'provider_rejected',
        `This model is not set up: ${missing} is missing. Please choose another model.`,
      )
    },
  }
}

function choose(models: readonly Model[], id: string | undefined): Model | undefined {
  if (id === undefined) return models.find(model => model.ready)
  const model = models.find(model => model.id === id)
  if (model === undefined) {
    const known = models.map(model => model.id).join(', ')
    throw new Error(`The setting DEFAULT_MODEL names ${id}, but the models are ${known}.`)
  }
  if (model.ready) return model
  throw new Error(`The setting DEFAULT_MODEL names ${id}, which needs ${model.missing} to be set.`)
}
