/** Let the browser save a text as a file. */
export function download(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser reads it after this task; a minute is long enough for that to begin.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
