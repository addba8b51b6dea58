import { fakeClock } from '../support/clock.ts'
import { readers } from '../support/readers.ts'
import { chunks, end, finish, head, never, say, until } from '../support/script.ts'
import { events, rest, take, textOf, upTo } from '../support/wire.ts'
import { HELLO, type Law, refused } from './scene.ts'

/** Stop is real, happens once, and is not a disconnect. */
export const stopping: Law = (t, scene) => {
  t.test('stops: the upstream socket is closed, the text is kept, the end says who', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(head(), chunks({ content: 'half' }), never)
    const reader = await wire.start(HELLO)
    const before = await upTo(reader, 'text')
    await wire.stop(reader.generation)
    await upstream.drained()
    const after = await rest(reader)
    t.equal(textOf([...before, ...after]), 'half')
    t.same(
      events(after).map(({ type }) => type),
      ['usage', 'done'],
    )
    t.match(after.at(-1)?.event, { type: 'done', reason: 'stopped', by: 'client' })
  })

  t.test('stops once, however often and from wherever it is asked', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(head(), chunks({ content: 'half' }), never)
    const reader = await wire.start(HELLO)
    await upTo(reader, 'text')
    await Promise.all(Array.from({ length: 20 }, () => wire.stop(reader.generation)))
    await wire.stop(reader.generation)
    const heard = await rest(await wire.attach(reader.generation))
    t.equal(heard.filter(({ event }) => event.type === 'done').length, 1)
  })

  t.test('ends once when a stop races with the end, and all readers agree', async t => {
    const { wire, upstream } = await scene(t)
    for (let turns = 0; turns < 10; turns++) {
      const more = Promise.withResolvers<void>()
      upstream.play(head(), chunks({ content: 'all' }), until(more.promise), finish(), end)
      const reader = await wire.start(HELLO)
      const heard = await upTo(reader, 'text')
      const other = await wire.attach(reader.generation)
      more.resolve()
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
      const [left] = await Promise.all([rest(reader), wire.stop(reader.generation)])
      heard.push(...left)
      t.same(await rest(other), heard)
      t.same(
        events(heard).map(({ type }) => type),
        ['started', 'text', 'usage', 'done'],
      )
    }
  })

  t.test('leaves an answer that has ended as it is', async t => {
    const { wire } = await scene(t)
    const reader = await wire.start(HELLO)
    const heard = await rest(reader)
    await wire.stop(reader.generation)
    t.same(await rest(await wire.attach(reader.generation)), heard)
    await refused(t, wire.update(reader.generation, {}), 'conflict')
  })

  t.test('stops 5 s after the last reader left where the start asked for it', async t => {
    const clock = fakeClock()
    const { wire, upstream, app } = await scene(t, {}, clock)
    upstream.play(head(), chunks({ content: 'half' }), never)
    const reader = await wire.start({ ...HELLO, onDisconnect: 'stop' })
    await upTo(reader, 'text')
    reader.drop()
    while ((await readers(app.url)) > 0);
    const timers = clock.pending
    clock.move(4999)
    t.equal(clock.pending, timers, 'and not before')
    clock.move(1)
    await upstream.drained()
    const heard = await rest(await wire.attach(reader.generation))
    t.match(heard.at(-1)?.event, { type: 'done', reason: 'stopped', by: 'abandoned' })
  })

  t.test('stops an answer that nobody watches after the orphan limit', async t => {
    const { wire, upstream } = await scene(t, { ORPHAN_TIMEOUT_MS: '50' })
    upstream.play(head(), chunks({ content: 'half' }), never)
    const reader = await wire.start(HELLO)
    await upTo(reader, 'text')
    reader.drop()
    await upstream.drained()
    const heard = await rest(await wire.attach(reader.generation))
    t.match(heard.at(-1)?.event, { type: 'done', reason: 'stopped', by: 'abandoned' })
  })
}

/** Other settings in the middle of an answer. */
export const updating: Law = (t, scene) => {
  t.test('updates: goes on from the text so far with the new settings', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(head(), chunks({ content: 'one ' }), never)
    upstream.play(...say('two'))
    const reader = await wire.start({ ...HELLO, params: { top_p: 0.5 } })
    const before = await upTo(reader, 'text')
    await wire.update(reader.generation, { params: { temperature: 0.2 } })
    const heard = [...before, ...(await rest(reader))]
    t.equal(textOf(heard), 'one two')
    const updated = events(heard).find(({ type }) => type === 'updated')
    t.match(updated, { model: 'fake', mode: 'continue', params: { top_p: 0.5, temperature: 0.2 } })
    t.match(upstream.requests[1]?.json, { temperature: 0.2, top_p: 0.5 })
    t.match(upstream.requests[1]?.body, /one /)
    t.ok(upstream.requests[0]?.gone)
  })

  t.test('takes a setting away again', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(head(), chunks({ content: 'one ' }), never)
    upstream.play(...say('two'))
    const params = { top_p: 0.5, temperature: 1 }
    const reader = await wire.start({ ...HELLO, params })
    await upTo(reader, 'text')
    await refused(t, wire.update(reader.generation, { params: { top_p: true } }), 'invalid_request')
    await wire.update(reader.generation, { params: { temperature: null } })
    const updated = events(await rest(reader)).find(({ type }) => type === 'updated')
    t.same(updated?.type === 'updated' && updated.params, { top_p: 0.5 })
    t.notMatch(upstream.requests[1]?.body, /temperature/)
  })

  t.test('the turn knows where other settings took over, and the tokens', async t => {
    const { app, wire, upstream } = await scene(t)
    upstream.play(head(), chunks({ content: 'wrong' }), never)
    upstream.play(head(), chunks({ content: 'one ' }), never)
    upstream.play(...say('two'))
    const reader = await wire.start(HELLO)
    const heard = await upTo(reader, 'text')
    await wire.update(reader.generation, { params: { top_p: 0.1 }, mode: 'restart' })
    heard.push(...(await upTo(reader, 'text')))
    await wire.update(reader.generation, { params: { top_p: 0.2 } })
    heard.push(...(await rest(reader)))
    const usage = events(heard).find(({ type }) => type === 'usage')
    const changes = [
      { offset: 0, model: 'fake', params: { top_p: 0.1 }, mode: 'restart' },
      { offset: 4, model: 'fake', params: { top_p: 0.2 }, mode: 'continue' },
    ]
    const generation = await app.chat.generation(reader.generation)
    const { turns } = await app.chat.conversation(generation.conversation ?? '')
    for (const view of [generation, turns[1]]) {
      t.same(view?.changes, changes)
      t.match(usage, { ...view?.usage })
      t.ok((view?.usage?.output ?? 0) > 0)
    }
  })

  t.test('restarts: the text so far is dropped and not sent', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(head(), chunks({ content: 'wrong' }), never)
    upstream.play(...say('right'))
    const reader = await wire.start(HELLO)
    const before = await upTo(reader, 'text')
    await wire.update(reader.generation, { mode: 'restart' })
    t.equal(textOf([...before, ...(await rest(reader))]), 'right')
    t.notMatch(upstream.requests[1]?.body, /wrong/)
  })

  t.test('takes updates before the first token', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(never)
    upstream.play(...say('here'))
    const reader = await wire.start(HELLO)
    await upstream.arrived()
    await wire.update(reader.generation, { model: 'demo', params: { max_tokens: 1 } })
    t.match((await rest(reader)).at(-1)?.event, { type: 'done', reason: 'length' })
  })

  t.test('takes updates as fast as they come, and goes on after the last', async t => {
    const { wire, upstream } = await scene(t)
    upstream.always(head(), chunks({ content: 'piece ' }), never)
    const reader = await wire.start(HELLO)
    const heard = await upTo(reader, 'text')
    const updates = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map(async (temperature, i) => {
      for (let turns = 0; turns < i * 3; turns++) await new Promise(setImmediate)
      await wire.update(reader.generation, { params: { temperature } })
    })
    await Promise.all(updates)
    const all = (): boolean => heard.filter(({ event }) => event.type === 'updated').length === 6
    while (!all() || heard.at(-1)?.event.type !== 'text') heard.push(...(await take(reader, 1)))
    await wire.stop(reader.generation)
    t.match((await rest(reader)).at(-1)?.event, { type: 'done', reason: 'stopped' })
  })

  t.test('refuses an update that says nothing', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(head(), chunks({ content: 'half' }), never)
    const reader = await wire.start(HELLO)
    await upTo(reader, 'text')
    await refused(t, wire.update(reader.generation, {}), 'invalid_request')
    await wire.stop(reader.generation)
    t.equal(upstream.requests.length, 1)
  })
}
