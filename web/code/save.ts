/** Have the browser save a text as a file. */
export function saveText(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser reads it after this task; a minute is long enough for that to begin.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
