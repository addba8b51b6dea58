/** Put a text into the clipboard; rejects where the browser does not let the page. */
export async function copyText(text: string): Promise<void> {
  // Missing on a page that came over plain HTTP from another machine, whatever its type says.
  const clipboard = navigator.clipboard as Clipboard | undefined
  try {
    if (clipboard !== undefined) return await clipboard.writeText(text)
  } catch (error) {
    // Not allowed, or not focused: the old way may still be open.
    if (!(error instanceof DOMException)) throw error
  }
  if (!copySelected(text)) throw new Error('Select the text and copy it with the keyboard.')
}

/** As pages copied before there was a clipboard to ask: from a field that nobody sees. */
function copySelected(text: string): boolean {
  const focused = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  field.className = 'unseen'
  document.body.append(field)
  field.select()
  try {
    return document.execCommand('copy')
  } finally {
    field.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}
