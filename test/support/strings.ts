/** Strings and facts that are made to break a framing. */
import * as fc from 'fast-check'
import type { Fact } from '../../src/core/event.ts'

/** What ends a line somewhere, or begins a field of an event, or is no character at all. */
const pieces = [
  ['\n', '\r', '\r\n', '\n\n', '\r\r', '\n\r\n', '\u2028', '\u2029', '\u0085', '\v', '\f'],
  ['\0', '\ufeff', '\ud83d', '\ude00', '\ud800', '\udfff', '😀', '\ufffe', '\u202e', '\x1b[2J'],
  ['data: ', 'id: gen_x:9', 'event: done', 'retry: 1', ': ', 'data', 'id', '\\n', '\\u000a'],
  ['{"type":"done"}', '"}', '","seq":99,"', '[DONE]', '</script>', '🏳️‍🌈', 'é', '漢字', ' '],
].flat()

/** Any string: of any code units, or of those. */
export const evil = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...pieces), maxLength: 20 }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map(units => String.fromCharCode(...units)),
)

export const said: fc.Arbitrary<Fact> = fc.record({
  type: fc.constantFrom('text', 'reasoning'),
  text: evil,
})

const params = fc.record(
  { temperature: fc.double({ min: 0, max: 2, noNaN: true }), system: evil, stop: fc.array(evil) },
  { requiredKeys: [] },
)

/** Anything that can happen in a generation. */
export const fact: fc.Arbitrary<Fact> = fc.oneof(
  said,
  fc.record({
    type: fc.constant('started'),
    conversation: fc.option(evil),
    model: evil,
    params,
    at: fc.nat(),
  }),
  fc.record({
    type: fc.constant('updated'),
    model: evil,
    params,
    mode: fc.constantFrom('continue', 'restart'),
  }),
  fc.record({
    type: fc.constant('usage'),
    input: fc.nat(),
    output: fc.nat(),
    estimated: fc.boolean(),
  }),
  fc.record({ type: fc.constant('done'), reason: fc.constantFrom('complete', 'length') }),
  fc.record({
    type: fc.constant('failed'),
    code: fc.constantFrom('interrupted', 'internal'),
    message: evil,
    retryable: fc.boolean(),
  }),
)
