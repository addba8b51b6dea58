/** TypeScript's own checker on some files by themselves, as somebody else's project has them. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url))

/** What the checker says; nothing where all is well. Strict, whatever the options. */
export async function checkTypes(
  t: Test,
  files: Record<string, string>,
  options: object,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chatai-types-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const config = { compilerOptions: { noEmit: true, strict: true, types: [], ...options } }
  const all = {
    ...files,
    'package.json': '{"type":"module"}',
    'tsconfig.json': JSON.stringify(config),
  }
  for (const [name, text] of Object.entries(all)) await writeFile(join(folder, name), text)
  // Without the loader that tap gives to every Node, and that TypeScript's own program does not bear.
  const command = ['-u', 'NODE_OPTIONS', process.execPath, tsc, '--pretty', 'false']
  return new Promise((resolve, reject) => {
    execFile('env', command, { cwd: folder }, (error, said) => {
      if (error && said === '') reject(error)
      else resolve(said)
    })
  })
}
