/** The environment, read once and checked by one schema. The only reader of process.env. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { type Static, Type } from '@sinclair/typebox'
import { envSchema } from 'env-schema'

const text = (description: string, options: object = {}) => Type.String({ description, ...options })
const atLeastOne = (description: string, options: object = {}) =>
  Type.Integer({ description, minimum: 1, maximum: Number.MAX_SAFE_INTEGER, ...options })
const count = (description: string, value: number, minimum = 1) =>
  atLeastOne(description, { default: value, minimum })
const ms = (description: string, value: number) =>
  // setTimeout takes no more than 2^31 - 1.
  Type.Integer({ description, default: value, minimum: 1, maximum: 2_147_483_647 })
const list = (description: string) => Type.String({ description, default: '' })

/** Every setting with its default; the README's table is written from it. */
export const EnvSchema = Type.Object({
  HOST: text('Address to listen on', { default: '127.0.0.1', minLength: 1 }),
  PORT: Type.Integer({
    description: 'Port to listen on; 0 picks a free one',
    default: 8080,
    minimum: 0,
    maximum: 65_535,
  }),
  STORE: text('Where logs and conversations are kept: `sqlite:<file>` or `memory`', {
    default: 'sqlite:./data/chatai.db',
    pattern: '^(memory|sqlite:.+)$',
  }),
  MODELS_FILE: Type.Optional(text('JSON file with further models', { minLength: 1 })),
  OPENAI_API_KEY: Type.Optional(text('Key of the model `chatgpt`')),
  OPENAI_MODEL: Type.Optional(text('Upstream name of the model `chatgpt`', { minLength: 1 })),
  DEEPSEEK_API_KEY: Type.Optional(text('Key of the model `deepseek`')),
  DEEPSEEK_MODEL: Type.Optional(text('Upstream name of the model `deepseek`', { minLength: 1 })),
  LOCAL_BASE_URL: text('OpenAI-compatible base URL of the model `local`', {
    default: 'http://127.0.0.1:11434/v1',
    pattern: '^https?://',
  }),
  LOCAL_MODEL: Type.Optional(text('Upstream name of the model `local`', { minLength: 1 })),
  DEMO_TOKENS_PER_SECOND: count('Pace of the embedded model `demo`', 40),
  DEFAULT_MODEL: Type.Optional(
    text('Used when a start names none; else the first ready one', { minLength: 1 }),
  ),
  HEARTBEAT_MS: ms('SSE comment and WebSocket ping this often', 15_000),
  FIRST_BYTE_TIMEOUT_MS: ms('A model must begin to answer within this', 60_000),
  IDLE_TIMEOUT_MS: ms('A model must not be silent for longer in mid-answer', 60_000),
  ORPHAN_TIMEOUT_MS: ms('An answer that nobody watches is stopped after this', 600_000),
  DRAIN_TIMEOUT_MS: ms('Grace for live answers on SIGTERM', 10_000),
  CONNECTION_LIFETIME_MS: ms(
    'A stream or WebSocket is ended after this, a little earlier by chance, to be resumed',
    3_600_000,
  ),
  SLOW_CLIENT_TIMEOUT_MS: ms('A client with a full buffer must take something within this', 15_000),
  // ws takes what is beyond 2^31 for no limit at all, and a string holds no more than 2^29 - 24.
  MAX_BODY_BYTES: {
    ...count('Request body and WebSocket message', 262_144),
    maximum: 268_435_456,
  },
  MAX_IMPORT_BYTES: count('A conversation that is brought in', 4_194_304),
  MAX_MESSAGES: count('Entries in `messages`', 200),
  MAX_MESSAGE_CHARS: count('Characters of one message, then 413', 100_000),
  MAX_CONTEXT_CHARS: count('Characters of all messages that a start sends, then 413', 400_000),
  MAX_TURNS: count('Questions and answers of one conversation, then 413', 2000),
  MAX_OUTPUT_BYTES: count('Per answer; past it `done`, reason `length`', 8_388_608),
  MAX_LOG_BYTES: count(
    'JSON text of the log of one answer; past it `done`, reason `length`',
    67_108_864,
  ),
  MAX_LIVE_BYTES: Type.Optional(
    atLeastOne(
      'The same for all live answers, then 503, and the large ones end; a sixteenth of the heap if not set',
    ),
  ),
  // Below a socket's own high-water mark no `drain` would ever come.
  MAX_BUFFER_BYTES: count(
    'Unsent bytes per client; one that stays over it is cut off',
    1_048_576,
    65_536,
  ),
  MAX_GENERATIONS: count('Live answers at once, then 503', 10_000),
  MAX_GENERATIONS_PER_KEY: count(
    'The same for one key or person; where there are no keys, for one address, but for this machine itself; then 429',
    16,
  ),
  MAX_SOCKETS: count('Open streams and WebSockets at once, then 503', 10_000),
  MAX_SOCKETS_PER_ADDRESS: count('The same from one address, but for this machine itself', 64),
  MEMORY_STORE_BYTES: Type.Optional(
    atLeastOne('Event text kept with STORE `memory`, then 503; a sixteenth of the heap if not set'),
  ),
  RETENTION_MS: count('Logs and conversations are kept this long', 2_592_000_000),
  RETENTION_BYTES: count('Event text kept in all; the oldest goes first', 10_737_418_240),
  API_KEYS: list(
    'Comma-separated `key` or `name:key`; with any set, every API request needs one as bearer token',
  ),
  JWT_JWKS_URL: Type.Optional(
    text('Where an identity provider publishes its keys; its tokens are then as good as API keys', {
      // A key that came over plain HTTP could be anybody's.
      pattern: '^(https://|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])[:/])',
    }),
  ),
  JWT_ISSUER: Type.Optional(text('The `iss` that its tokens must have', { minLength: 1 })),
  JWT_AUDIENCE: Type.Optional(text('The `aud` that they must have', { minLength: 1 })),
  KEYLESS_HEIR: Type.Optional(
    text('Name of the key that is given for good what was made without one', { minLength: 1 }),
  ),
  PUBLIC_URL: Type.Optional(
    text('Address that people open it at; no other Host is served then, but loopback', {
      pattern: '^https?://[^/?#@]+/?$',
    }),
  ),
  ALLOWED_ORIGINS: list(
    'Comma-separated origins of other sites that may use the API from a browser',
  ),
  TRUST_PROXY: list('Comma-separated addresses of proxies whose X-Forwarded-* is believed'),
  SESSION_MS: ms('Whoever signed in at the page is signed out after this', 604_800_000),
  WRONG_KEYS_PER_MINUTE: count(
    'Wrong keys from one address, then 429 for every key that is new there',
    20,
  ),
  RATE_LIMIT_PER_MINUTE: count('Starts and updates per key or address', 600),
  RATE_LIMIT_PER_ADDRESS: count('The same per address, whatever its keys', 6000),
  READS_PER_MINUTE: count(
    'Attaches, and reads of an answer or conversation, per key or address',
    600,
  ),
  COMMANDS_PER_SECOND: count('Commands of one WebSocket, then 4429', 50),
  COMMANDS_BURST: count('Commands that may come at once after a pause', 200),
  LOG_LEVEL: Type.Unsafe<'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'>({
    description: 'fatal, error, warn, info, debug, trace or silent',
    default: 'info',
    type: 'string',
    enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
  }),
})

const lists = ['API_KEYS', 'ALLOWED_ORIGINS', 'TRUST_PROXY'] as const
type Lists = { readonly [K in (typeof lists)[number]]: readonly string[] }

export interface Config extends Readonly<Omit<Static<typeof EnvSchema>, keyof Lists>>, Lists {
  /** The identity provider, where one is set. */
  readonly jwt: { jwksUrl: string; issuer: string; audience: string } | undefined
  /** The text of MODELS_FILE, where it is set. */
  readonly modelsText: string | undefined
  /** The value of a variable that a model entry names as its key's. */
  readonly key: (name: string) => string | undefined
}

/** Nobody needs a key. */
export const isOpen = ({ API_KEYS, jwt }: Pick<Config, 'API_KEYS' | 'jwt'>): boolean =>
  API_KEYS.length === 0 && jwt === undefined

/** Other machines can reach the address. */
export const isPublic = ({ HOST }: Pick<Config, 'HOST'>): boolean =>
  !/^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i.test(HOST)

/** Throws an Error of one sentence that names the setting and says what it must be. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  // An empty variable is an unset one: that is what `FOO= npm start` and compose files mean.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const values = check(given)
  return Object.freeze({
    ...values,
    API_KEYS: filled('API_KEYS', values.API_KEYS),
    ALLOWED_ORIGINS: filled('ALLOWED_ORIGINS', values.ALLOWED_ORIGINS).map(origin),
    TRUST_PROXY: filled('TRUST_PROXY', values.TRUST_PROXY).map(proxy),
    jwt: provider(values),
    modelsText: values.MODELS_FILE === undefined ? undefined : read(values.MODELS_FILE),
    key: (name: string) => given[name],
  })
}

function check(data: object): Static<typeof EnvSchema> {
  const pick = Object.fromEntries(
    Object.entries(data).filter(([name]) => Object.hasOwn(EnvSchema.properties, name)),
  )
  try {
    return envSchema<Static<typeof EnvSchema>>({ schema: EnvSchema, data: pick, env: false })
  } catch (error) {
    throw new Error(explain(error), { cause: error })
  }
}

interface Fault {
  readonly instancePath: string
  readonly message?: string
}

/** The first fault as a sentence; the value is not repeated, it may be a key. */
function explain(error: unknown): string {
  const faults = (error as { errors?: readonly Fault[] }).errors
  const fault = faults?.[0]
  if (fault === undefined) return 'The settings could not be read.'
  const name = fault.instancePath.slice(1)
  const { description = '' } = EnvSchema.properties[name as keyof typeof EnvSchema.properties]
  return `The setting ${name} ${fault.message ?? 'is wrong'} (${description}).`
}

/** Nobody means a token that may be anyone's, or for anyone: all three or none. */
function provider(values: Static<typeof EnvSchema>): Config['jwt'] {
  const { JWT_JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = values
  if (jwksUrl !== undefined && issuer !== undefined && audience !== undefined) {
    return { jwksUrl, issuer, audience }
  }
  if ((jwksUrl ?? issuer ?? audience) === undefined) return undefined
  throw new Error(
    'The settings JWT_JWKS_URL, JWT_ISSUER and JWT_AUDIENCE need each other: set all.',
  )
}

/** A list that is set holds something: `API_KEYS=,` is a mistake, and not an open server. */
function filled(name: string, value: string): string[] {
  const parts = split(value)
  if (value !== '' && parts.length === 0) throw new Error(`The setting ${name} holds nothing.`)
  return parts
}

const split = (value: string): string[] =>
  value
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')

function origin(value: string): string {
  const url = URL.parse(value)
  if (url !== null && url.origin !== 'null') return url.origin
  throw new Error(
    `The setting ALLOWED_ORIGINS holds ${value}; an origin looks like https://example.com.`,
  )
}

/** What Fastify takes for `trustProxy`; its own error would not name the setting. */
function proxy(value: string): string {
  const [address = '', mask, ...rest] = value.split('/')
  const bits = /^\d{1,3}$/.test(mask ?? '') ? Number(mask) : Infinity
  const masked = mask === undefined || isIP(mask) > 0 || bits <= (isIP(address) === 6 ? 128 : 32)
  const named = ['loopback', 'linklocal', 'uniquelocal'].includes(value)
  if (named || (isIP(address) > 0 && masked && rest.length === 0)) return value
  const examples = 'addresses (10.0.0.7), networks (10.0.0.0/8) and loopback'
  throw new Error(`The setting TRUST_PROXY holds ${value}; it takes ${examples}.`)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error(`The setting MODELS_FILE names ${file}, which cannot be read.`, { cause })
  }
}
