/** Bytes of UTF-8 that a name may have; file systems take 255, and other programs add to it. */
const LONGEST = 120

/** Names that Windows keeps for devices, with any ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** A name that every system takes, from a title that may hold anything. */
export function filename(title: string, ending: 'md' | 'json'): string {
  const plain = title
    // Also what turns the direction of writing: an ending is to be where it seems to be.
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ')
    .replace(/[\\/:*?"<>|]+/g, ' ')
    .replace(/\s+/g, ' ')
  const name = shorten(plain).replace(/^[. ]+|[. ]+$/g, '')
  const safe = DEVICE.test(name) ? `_${name}` : name
  return `${safe || 'conversation'}.${ending}`
}

function shorten(text: string): string {
  let name = ''
  let bytes = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    bytes += new TextEncoder().encode(segment).length
    if (bytes > LONGEST) break
    name += segment
  }
  return name
}
