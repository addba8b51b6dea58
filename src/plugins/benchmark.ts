import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'

/** The two files of a benchmark that are served, and nothing else of their folder. */
const types = {
  'bench.json': 'application/json',
  'bench.html': 'text/html; charset=utf-8',
} as const

/** A benchmark writes some hundred kilobytes; what is larger is not one. */
const MAX_BYTES = 16 * 1024 * 1024

/**
 * The last benchmark, read-only, from the folder that `npm run bench` writes into: the samples, for
 * the page to show, and the report, to be kept, as it brings styles that are not the page's. The
 * names are fixed, so no address leads out of the folder.
 */
export const benchmark = fp((app: FastifyInstance, { folder }: { folder: string }, done) => {
  for (const name of Object.keys(types) as (keyof typeof types)[]) {
    // Hidden, as the page's own files are: it is a part of the page.
    app.get(`/bench/${name}`, { schema: { hide: true } }, async (_request, reply) => {
      const content = await read(join(folder, name))
      void reply.header('cache-control', 'no-cache')
      if (content === undefined) return none(name, reply)
      return reply
        .type(types[name])
        .header('content-disposition', `attachment; filename="chatai-${name}"`)
        .send(content)
    })
  }
  done()
})

/** The page asks whether there are samples, and a browser's console complains of every 404. */
function none(name: keyof typeof types, reply: FastifyReply): FastifyReply {
  if (name === 'bench.json') return reply.code(204).send()
  throw new ChatError('not_found', 'There is no benchmark here yet. Make one with npm run bench.')
}

/** A link is not followed, it may lead anywhere; and a pipe is not waited for. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Undefined for whatever is no file. */
async function read(path: string): Promise<Buffer | undefined> {
  const file = await open(path, FLAGS).catch((error: NodeJS.ErrnoException) => {
    if (!refusals.has(error.code ?? '')) throw error
  })
  if (!file) return undefined
  try {
    const about = await file.stat()
    return about.isFile() && about.size <= MAX_BYTES ? await file.readFile() : undefined
  } finally {
    await file.close()
  }
}

/** Nothing there, a link (ELOOP; EMLINK on BSD), a socket (ENXIO). */
const refusals = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'ENXIO'])
