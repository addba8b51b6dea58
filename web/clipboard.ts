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
  if (!copyByCommand(text)) throw new Error('Select the text and copy it with the keyboard.')
}

/** As pages copied before there was a clipboard to ask; false where that is not allowed either. */
function copyByCommand(text: string): boolean {
  const selection = getSelection()
  const before = selection?.rangeCount ? selection.getRangeAt(0) : undefined
  const taken = new AbortController()
  const onCopy = (event: ClipboardEvent): void => {
    // Byte for byte: what is selected would be copied as it looks.
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopPropagation()
    taken.abort()
  }
  // Without a selection some browsers have nothing to copy.
  const stand = document.createElement('span')
  stand.className = 'unseen'
  stand.textContent = '.'
  document.body.append(stand)
  selection?.selectAllChildren(stand)
  addEventListener('copy', onCopy, { capture: true, signal: taken.signal })
  document.execCommand('copy')
  const { aborted } = taken.signal
  taken.abort()
  stand.remove()
  selection?.removeAllRanges()
  if (before) selection?.addRange(before)
  return aborted
}
