import { head, never } from '../support/script.ts'
import { rest, take, textOf } from '../support/wire.ts'
import { HELLO, type Law, refused } from './scene.ts'

/** What may be started, how often, and what is refused. */
export const starting: Law = (t, scene) => {
  t.test('refuses a second answer in a conversation while one is written', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(head(), never)
    const reader = await wire.start(HELLO)
    const [started] = await take(reader, 1)
    const conversation = started?.event.type === 'started' ? started.event.conversation : null
    await refused(t, wire.start({ ...HELLO, conversation }), 'conflict')
    await wire.stop(reader.generation)
    t.equal(textOf(await rest(await wire.start({ ...HELLO, conversation }))), 'Hello world')
  })

  t.test('starts once for one idempotency key, and refuses it for other words', async t => {
    const { wire, upstream } = await scene(t)
    const keyed = { ...HELLO, idempotencyKey: 'k1' }
    const readers = await Promise.all([wire.start(keyed), wire.start(keyed)])
    const [one, two] = await Promise.all(readers.map(rest))
    t.same(one, two)
    const params = { temperature: 1, top_p: 0.5 }
    const other = { top_p: 0.5, temperature: 1 }
    const first = await wire.start({ ...HELLO, params, idempotencyKey: 'k2' })
    const again = await wire.start({ idempotencyKey: 'k2', params: other, ...HELLO })
    t.equal(again.generation, first.generation, 'in whatever order it is written')
    await rest(again)
    t.equal(upstream.requests.length, 2)
    await refused(t, wire.start({ message: 'Other?', idempotencyKey: 'k1' }), 'conflict')
  })

  t.test('refuses what is wrong with the code of the table, and starts nothing', async t => {
    const { wire, upstream } = await scene(t)
    const bad: readonly [object, string][] = [
      [{}, 'invalid_request'],
      [{ message: 1 }, 'invalid_request'],
      [{ message: '' }, 'invalid_request'],
      [{ message: 'x', messages: [{ role: 'user', content: 'x' }] }, 'invalid_request'],
      [{ messages: [] }, 'invalid_request'],
      [{ messages: [{ role: 'robot', content: 'x' }] }, 'invalid_request'],
      [{ messages: [{ role: 'assistant', content: 'x' }] }, 'invalid_request'],
      [
        { messages: Array.from({ length: 201 }, () => ({ role: 'user', content: 'x' })) },
        'invalid_request',
      ],
      [{ message: 'x', surprise: 1 }, 'invalid_request'],
      [{ message: 'x', params: { temperature: 3 } }, 'invalid_request'],
      [{ message: 'x', params: { base_url: 'http://x' } }, 'invalid_request'],
      [{ message: 'x', onDisconnect: 'later' }, 'invalid_request'],
      [{ message: 'x', conversation: 'cnv_1' }, 'invalid_request'],
      [{ message: 'x', model: 'chatgpt' }, 'invalid_request'],
      [{ message: 'x', model: 'fake', modelType: 'demo' }, 'invalid_request'],
      [{ message: 'x', edit: `trn_${'x'.repeat(22)}` }, 'invalid_request'],
      [{ message: 'x', idempotencyKey: 'with space' }, 'invalid_request'],
      [{ message: 'x', model: 'nobody' }, 'not_found'],
      [{ message: 'x', conversation: `cnv_${'x'.repeat(22)}` }, 'not_found'],
    ]
    for (const [body, code] of bad) {
      await refused(t, wire.start(body), code)
    }
    t.equal(upstream.requests.length, 0)
  })

  t.test('refuses starts past the rate with the seconds to wait', async t => {
    const { wire } = await scene(t, { RATE_LIMIT_PER_MINUTE: '2' })
    await rest(await wire.start(HELLO))
    await rest(await wire.start(HELLO))
    t.ok((await refused(t, wire.start(HELLO), 'rate_limited')).retryAfter)
  })

  t.test('refuses starts past the number of live answers', async t => {
    const { wire, upstream } = await scene(t, { MAX_GENERATIONS: '1' })
    upstream.play(head(), never)
    const reader = await wire.start(HELLO)
    await refused(t, wire.start(HELLO), 'overloaded')
    await wire.stop(reader.generation)
    t.equal(textOf(await rest(await wire.start(HELLO))), 'Hello world')
  })
}
