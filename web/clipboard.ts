/**
 * Put a text into the clipboard; false where the browser did not let us. A page that came over plain
 * HTTP from another machine has no `navigator.clipboard`, but the old command still works there.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    if (!('clipboard' in navigator)) return copyByCommand(text)
    await navigator.clipboard.writeText(text)
    return true
  } catch (error) {
    // It refuses where the page has not the focus, or a policy forbids it.
    if (error instanceof DOMException) return copyByCommand(text)
    throw error
  }
}

function copyByCommand(text: string): boolean {
  const selection = getSelection()
  const before = selection?.rangeCount ? selection.getRangeAt(0) : undefined
  let taken = false
  const onCopy = (event: ClipboardEvent): void => {
    // Byte for byte: what is selected would be copied as it looks.
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopPropagation()
    taken = true
  }
  // Without a selection some browsers have nothing to copy.
  const stand = document.createElement('span')
  stand.className = 'unseen'
  stand.textContent = '.'
  document.body.append(stand)
  selection?.selectAllChildren(stand)
  addEventListener('copy', onCopy, { capture: true })
  document.execCommand('copy')
  removeEventListener('copy', onCopy, { capture: true })
  stand.remove()
  selection?.removeAllRanges()
  if (before) selection?.addRange(before)
  return taken
}
