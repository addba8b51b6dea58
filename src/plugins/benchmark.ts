import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
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
  for (const [name, type] of Object.entries(types)) {
    // Hidden, as the page's own files are: it is a part of the page.
    app.get(`/bench/${name}`, { schema: { hide: true } }, async (_request, reply) => {
      const content = await read(join(folder, name))
      return reply
        .type(type)
        .header('cache-control', 'no-cache')
        .header('content-disposition', `attachment; filename="chatai-${name}"`)
        .send(content)
    })
  }
  done()
})

/** A link is not followed, it may lead anywhere; and a pipe is not waited for. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Rejects `not_found` for whatever is no file. */
async function read(path: string): Promise<Buffer> {
  const file = await open(path, FLAGS).catch((error: NodeJS.ErrnoException) => {
    throw refusals.has(error.code ?? '') ? missing() : error
  })
  try {
    const about = await file.stat()
    if (!about.isFile() || about.size > MAX_BYTES) throw missing()
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** Nothing there, a link (ELOOP; EMLINK on BSD), a socket (ENXIO). */
const refusals = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'ENXIO'])

const missing = (): ChatError =>
  new ChatError('not_found', 'There is no benchmark here yet. Make one with npm run bench.')
