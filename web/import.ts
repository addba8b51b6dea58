import { FORMAT, VERSION } from './export-json.ts'
import type { Notice } from './state.ts'

/** The text of a file that can be sent, or why it is none; the notice's message names the file. */
export async function readExport(
  file: Pick<File, 'name' | 'size' | 'text'>,
  importBytes: number | undefined,
): Promise<{ readonly text: string } | { readonly notice: Notice }> {
  const refuse = (code: string, message = file.name) => ({ notice: { code, message } })
  if (importBytes !== undefined && file.size > importBytes) {
    return refuse('file_too_large', `${file.name}: ${sizeOf(file.size)} > ${sizeOf(importBytes)}`)
  }
  const text = await file.text()
  const fault = faultOf(text)
  return fault === undefined ? { text } : refuse(fault)
}

/** What is wrong with it, as far as can be seen here; the server looks closer. */
function faultOf(text: string): string | undefined {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return 'file_not_json'
    throw error
  }
  const { format, version } = (file ?? {}) as { format?: unknown; version?: unknown }
  if (format !== FORMAT) return 'file_foreign'
  return typeof version === 'number' && version > VERSION ? 'file_newer' : undefined
}

const sizeOf = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
