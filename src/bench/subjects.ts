/** Who is measured, by which transports. */
import type { Options } from './options.ts'
import type { Server, Subject, Transport } from './run.ts'

export function transportsOf(server: Server): readonly Transport[] {
  if (server === 'direct' || server === 'http2') return ['sse']
  return server === 'deflate' ? ['websocket'] : ['sse', 'websocket']
}

export const subjectsOf = (servers: readonly Server[]): Subject[] =>
  servers.flatMap(server => transportsOf(server).map(transport => ({ server, transport })))

/** The servers that number what they send. */
export const isOurs = (server: Server): boolean =>
  server === 'sqlite' || server === 'memory' || server === 'remote'

/** This server, with the stores that are asked for. */
export const ours = ({ baseUrl, stores }: Options): readonly Server[] =>
  baseUrl === undefined ? stores : ['remote']

/** The pipe and the loop, where this server is not somewhere else. */
export const baselines = ({ baseUrl }: Options): readonly Server[] =>
  baseUrl === undefined ? ['raw', 'obvious'] : []

/** Where the store makes no difference, the first of them will do. */
export const oneOfOurs = (options: Options): readonly Server[] => ours(options).slice(0, 1)
