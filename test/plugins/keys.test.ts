/** The entries of API_KEYS: which of them can be read, and whose what is made with them is. */
import t from 'tap'
import { createRing } from '../../src/plugins/keys.ts'

t.test('a key has an owner of its own, or the name that it was given', async t => {
  const ring = await createRing(['one', 'ada:two', 'ada:three', 'bob:four'])
  t.equal(ring.size, 4)
  t.equal(ring.find('two'), 'key:ada')
  t.equal(ring.find('three'), 'key:ada', 'two keys of one name are of one owner')
  t.equal(ring.find('four'), 'key:bob')
  t.match(ring.find('one'), /^key#[\w-]{22}$/)
  t.notMatch(ring.find('one'), 'one', 'which says nothing of the key')
  t.equal(ring.find('ada'), undefined)
  t.equal(ring.find('ada:two'), undefined)
  t.equal(ring.named('ada'), 'key:ada')
  t.equal(ring.named('two'), undefined)
})

t.test('the owner of a key is the same at each start', async t => {
  const [first, second] = await Promise.all([createRing(['one']), createRing(['two', 'one'])])
  t.equal(first.find('one'), second.find('one'))
  t.not(second.find('one'), second.find('two'))
})

t.test('an entry that cannot be read is named by its place, and never repeated', async t => {
  for (const bad of ['a b', 'ada:', ':two', 'ada:two:three', 'schlüssel', '-ada:two', '']) {
    const refused = createRing(['good', bad])
    await t.rejects(refused, { message: /^Entry 2 of the setting API_KEYS cannot be read: / }, bad)
    const { message } = (await refused.catch((error: unknown) => error)) as Error
    if (bad !== '') t.notMatch(message, `: ${bad}`)
  }
})

t.test('a key that is there twice is a mistake, whatever its names', async t => {
  for (const twice of [
    ['one', 'one'],
    ['one', 'ada:one'],
    ['ada:one', 'bob:one'],
  ]) {
    await t.rejects(createRing(twice), { message: /holds one key twice/ })
  }
})
