/** `text/event-stream` as a browser reads it: the algorithm of the HTML standard, step by step. */

export interface Message {
  readonly event: string
  readonly data: string
  readonly id: string
}

/** All that is dispatched of a whole stream; what has no blank line behind it is dropped. */
export function readEventStream(bytes: Uint8Array): Message[] {
  // Decoded as the standard says: U+FFFD for what is no UTF-8, and without a BOM at the beginning.
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/)
  const heard: Message[] = []
  let id = ''
  let event = ''
  let data: string[] = []
  // What is behind the last line break is no line.
  for (const line of lines.slice(0, -1)) {
    if (line === '') {
      if (data.length > 0) heard.push({ event, data: data.join('\n'), id })
      event = ''
      data = []
      continue
    }
    const colon = line.indexOf(':')
    if (colon === 0) continue
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
    else if (field === 'event') event = value
    else if (field === 'id' && !value.includes('\0')) id = value
  }
  return heard
}
