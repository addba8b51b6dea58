/**
 * Milliseconds on the one clock that all processes of this machine share, and the token that carries
 * a moment on it through the server.
 */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6

/** Characters that JSON, Server-Sent Events and HTTP leave as they are. */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const BASE = DIGITS.length
/** Of a token, as long as that of a common model: 64⁴ steps of 10 µs come round in 168 s. */
export const TOKEN_CHARS = 4
const PER_MS = 100
const STEPS = BASE ** TOKEN_CHARS

const values = new Uint8Array(128)
for (let value = 0; value < BASE; value++) values[DIGITS.charCodeAt(value)] = value

/** The token of a moment. */
export function toToken(at: number): string {
  let step = Math.floor(at * PER_MS) % STEPS
  let token = ''
  for (let place = 0; place < TOKEN_CHARS; place++) {
    token = DIGITS.charAt(step % BASE) + token
    step = Math.floor(step / BASE)
  }
  return token
}

/** Ms from the token that stands at `index` of `text` to `at`. */
export function age(text: string, index: number, at: number): number {
  let step = 0
  for (let place = 0; place < TOKEN_CHARS; place++) {
    step = step * BASE + (values[text.charCodeAt(index + place)] ?? 0)
  }
  const passed = (Math.floor(at * PER_MS) - step) % STEPS
  // The token is rounded down, so that nothing is ever younger than nothing.
  return (passed < 0 ? passed + STEPS : passed) / PER_MS
}
