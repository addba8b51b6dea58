import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Teardown } from './upstream.ts'

/** A folder of the test's own, removed with it. */
export function folderFor(t: Teardown): string {
  const folder = mkdtempSync(join(tmpdir(), 'chatai-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  return folder
}

/** The settings under which a model at that address is the default, from a MODELS_FILE in the folder. */
export function modelIn(folder: string, id: string, baseURL: string): Record<string, string> {
  const entry = { id, label: id, model: id, contextWindow: 100_000, baseURL, prefix: 'prompt' }
  const MODELS_FILE = join(folder, 'models.json')
  writeFileSync(MODELS_FILE, JSON.stringify([entry]))
  return { MODELS_FILE, DEFAULT_MODEL: id }
}
