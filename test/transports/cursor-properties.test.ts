/** Cursors come back from clients: each is one of ours, or refused. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { ChatError } from '../../src/core/errors.ts'
import { readCursor as readPage, writeCursor } from '../../src/stores/cursor.ts'
import { readCursor } from '../../src/transports/start.ts'
import { conversation } from '../support/facts.ts'
import { holds } from '../support/property.ts'
import { evil } from '../support/strings.ts'

/** What `read` gives; undefined where it refuses, and it refuses in one way only. */
function taken<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    assert.ok(error instanceof ChatError)
    assert.equal(error.code, 'invalid_request')
    return undefined
  }
}

const generation = fc.stringMatching(/^gen_[A-Za-z0-9_-]{22}$/)
const mark = fc.oneof(fc.constantFrom(':', '', '::', ' :', ':0', ':-', '：'), evil)
const number = fc.oneof(fc.maxSafeNat().map(String), fc.double().map(String), evil)

holds('a Last-Event-ID of ours is read as it was written', 300, () =>
  fc.property(generation, fc.nat(999_999_999_999_999), (generation, after) => {
    assert.deepEqual(readCursor(`${generation}:${after}`), { generation, after })
  }),
)

holds('any other is refused, and none is read as another', 1000, () =>
  fc.property(fc.oneof(generation, evil), mark, number, (generation, mark, number) => {
    const text = `${generation}${mark}${number}`
    if (text === '') return
    const cursor = taken(() => readCursor(text))
    if (cursor === undefined) return
    assert.equal(`${cursor.generation}:${cursor.after}`, text)
    assert.ok(Number.isSafeInteger(cursor.after))
  }),
)

holds('a page begins where the one before ended', 300, () =>
  fc.property(fc.stringMatching(/^cnv_[\w-]{22}$/), fc.nat(8.64e15), (id, updatedAt) => {
    assert.deepEqual(readPage(writeCursor(conversation(id, updatedAt))), { id, updatedAt })
  }),
)

holds('and nowhere else', 1000, () =>
  fc.property(
    fc.oneof(
      evil,
      fc.tuple(number, mark, evil).map(parts => parts.join('')),
    ),
    text => {
      const cursor = taken(() => readPage(text))
      if (cursor === undefined) return
      assert.match(text, /^\d+\.[\w-]+$/)
      assert.ok(Number.isFinite(cursor.updatedAt))
    },
  ),
)
