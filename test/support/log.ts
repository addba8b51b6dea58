/** A log to hand to the app, and all that was written to it so far. */
export function keepLog(): { logTo: { write(line: string): void }; logged: () => string } {
  let text = ''
  return { logTo: { write: line => void (text += line) }, logged: () => text }
}
