/** What `npm run bench` is asked to do. */
import { parseArgs } from 'node:util'
import { type Name, names } from './names.ts'

/** Where the measured server keeps its logs. */
export type Store = 'sqlite' | 'memory'

export interface Options {
  /** Levels of streams at once, for the measures that have levels. */
  readonly streams: readonly number[]
  /** Chunks a second of one stream; undefined for what each level is usually measured with. */
  readonly rate: number | undefined
  /** Of one answer; undefined for as many as the seconds take. */
  readonly chunks: number | undefined
  readonly rounds: number
  /** How long one sample is looked at. */
  readonly seconds: number
  /** Empty for all. */
  readonly only: readonly Name[]
  /** A server that is running already; `model` is one of its own. */
  readonly baseUrl: URL | undefined
  readonly model: string | undefined
  /** The first speaks for all where one is enough. */
  readonly stores: readonly Store[]
  readonly out: string
}

export const defaults: Options = {
  streams: [1, 100, 1000],
  rate: undefined,
  chunks: undefined,
  rounds: 5,
  seconds: 0.4,
  only: [],
  baseUrl: undefined,
  model: undefined,
  stores: ['sqlite', 'memory'],
  out: 'bench-results',
}

export const help = `npm run bench -- [options]

  --streams 1,100,1000   streams at once (in pace; the others have a load of their own)
  --rate 20              tokens a second of one stream in pace (default: 50 at 100 streams,
                         20 elsewhere)
  --chunks 200           tokens of an answer in pace and bytes (default: as many as the seconds
                         take)
  --rounds 5             how often everyone has a turn; what takes long is left out of the first
  --seconds 0.4          how long one sample takes
  --only first,pace      of ${names.slice(0, 6).join(', ')},
                         ${names.slice(6).join(', ')}
  --store sqlite,memory  which stores of the server
  --base-url URL         a server that is running already, instead of one of its own: for first,
                         bytes, resume and turns, and for pace where that is asked for by --only
  --model ID             the model of that server (default: its own default)
  --out DIR              where bench.json, bench.md and bench.html go (default: bench-results)
`

/** Undefined asks for help. Throws an Error of one sentence that says what to write instead. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { help, ...values } = parse(args)
  if (help === true) return undefined
  const baseUrl = values['base-url']
  if (values.model !== undefined && baseUrl === undefined) {
    throw new Error('--model is a model of the server at --base-url: give that too.')
  }
  const { streams, rate, chunks, rounds, seconds, only, store } = values
  return {
    streams: listOf('--streams', streams, whole) ?? defaults.streams,
    rate: rate === undefined ? undefined : paceOf('--rate', rate),
    chunks: chunks === undefined ? undefined : whole('--chunks', chunks),
    rounds: rounds === undefined ? defaults.rounds : whole('--rounds', rounds),
    seconds: seconds === undefined ? defaults.seconds : positive('--seconds', seconds),
    only: listOf('--only', only, oneOf(names)) ?? defaults.only,
    baseUrl: baseUrl === undefined ? undefined : address(baseUrl),
    model: values.model,
    stores: listOf('--store', store, oneOf(['sqlite', 'memory'])) ?? defaults.stores,
    out: values.out ?? defaults.out,
  }
}

const text = { type: 'string' } as const
const flags = {
  streams: text,
  rate: text,
  chunks: text,
  rounds: text,
  seconds: text,
  only: text,
  'base-url': text,
  model: text,
  store: text,
  out: text,
  help: { type: 'boolean', short: 'h' },
} as const

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: false }).values
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split(/[.\n]/)
    throw new Error(`${sentence}: --help lists the options.`, { cause: error })
  }
}

type Read<T> = (name: string, text: string) => T

function listOf<T>(name: string, text: string | undefined, read: Read<T>): T[] | undefined {
  return text === undefined ? undefined : [...new Set(text.split(',').map(one => read(name, one)))]
}

const whole: Read<number> = (name, text) => {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new Error(`${name} takes whole numbers from 1 to 9999999, and not "${text}".`)
}

const positive: Read<number> = (name, text) => {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0
  if (value > 0 && value <= 10_000) return value
  throw new Error(`${name} takes a number above 0, at most 10000, and not "${text}".`)
}

/** A timer fires a thousand times a second at most. */
const paceOf: Read<number> = (name, text) => {
  const value = positive(name, text)
  if (value <= 1000) return value
  throw new Error(`${name} takes at most 1000 tokens a second, and not "${text}".`)
}

const oneOf =
  <T extends string>(known: readonly T[]): Read<T> =>
  (name, text) => {
    const found = known.find(one => one === text)
    if (found !== undefined) return found
    throw new Error(`${name} takes any of ${known.join(', ')}, and not "${text}".`)
  }

function address(text: string): URL {
  const url = URL.parse(text)
  if (url?.protocol === 'http:') return url
  throw new Error(`--base-url takes an address as http://127.0.0.1:8080, and not "${text}".`)
}
