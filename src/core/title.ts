/** A title is the beginning of the first message, this many characters of it … */
const TITLE_LENGTH = 60
/** … and so many UTF-16 units, as one that a person gives: a character can be as long as it likes. */
const TITLE_UNITS = 200

/** The title of a conversation that begins with this message. */
export const titleOf = (message: string): string => shorten(message.trim().split('\n', 1)[0] ?? '')

/** By what people see as characters; no further than the title goes, as a line may be long. */
function shorten(line: string): string {
  if (line.length <= TITLE_LENGTH) return line
  let title = ''
  let length = 0
  for (const { segment } of segmenter.segment(line)) {
    const isFull = ++length > TITLE_LENGTH || title.length + segment.length >= TITLE_UNITS
    if (isFull) return `${title}…`
    title += segment
  }
  return title
}

// Made once: 30 µs.
const segmenter = new Intl.Segmenter()
