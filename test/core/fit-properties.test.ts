/** Which turns a model is sent: for whatever conversation, window and limit. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Message } from '../../src/core/chunk.ts'
import { assemble, branch, fit, weigh } from '../../src/core/conversation.ts'
import { turn } from '../support/facts.ts'
import { holds } from '../support/property.ts'
import { evil } from '../support/strings.ts'

const content = fc.oneof(
  evil,
  fc.nat(400).map(length => 'x'.repeat(length)),
)
const role = fc.constantFrom('user', 'assistant', 'system')
const conversation: fc.Arbitrary<Message[]> = fc.array(fc.record({ role, content }), {
  minLength: 1,
  maxLength: 30,
})
const budget = fc.integer({ min: -100, max: 3000 })

/** A message costs its text and four tokens around it. */
const cost = (messages: readonly Message[]): number =>
  messages.reduce((sum, { content }) => sum + weigh(content).tokens + 4, 0)

/** Those that stay whatever the budget is. */
const fixed = (messages: readonly Message[]): Message[] =>
  messages.filter(({ role }, i) => role === 'system' || i === messages.length - 1)

holds('bytes are weighed as UTF-8 has them, and tokens never at nothing', 500, () =>
  fc.property(evil, evil, (one, two) => {
    assert.equal(weigh(one).bytes, one.length === 0 ? 0 : bytesOf(one))
    const whole = weigh(one + two).tokens
    assert.ok(whole <= weigh(one).tokens + weigh(two).tokens)
    assert.ok(whole >= (one + two).length / 4)
  }),
)

/** Half of a surrogate pair alone is two bytes here, and three once it is U+FFFD. */
const bytesOf = (text: string): number => {
  const lone = text.match(/\p{Surrogate}/gu)?.length ?? 0
  return Buffer.byteLength(text) - lone
}

holds('what is sent fits, but for what must be sent', 1000, () =>
  fc.property(conversation, budget, (messages, budget) => {
    const kept = fit(messages, budget)
    assert.ok(cost(kept) <= Math.max(budget, cost(fixed(messages))))
  }),
)

holds('order is kept, and so are the newest and every system message', 1000, () =>
  fc.property(conversation, budget, (messages, budget) => {
    const kept = new Set(fit(messages, budget))
    assert.deepEqual(
      fit(messages, budget),
      messages.filter(message => kept.has(message)),
    )
    for (const message of fixed(messages)) assert.ok(kept.has(message))
  }),
)

holds('nothing is left out of the middle, and no answer comes first', 1000, () =>
  fc.property(conversation, budget, (messages, budget) => {
    const talk = messages.filter(({ role }) => role !== 'system')
    const kept = fit(messages, budget).filter(({ role }) => role !== 'system')
    assert.deepEqual(kept, talk.slice(talk.length - kept.length))
    if (kept.length > 1) assert.equal(kept[0]?.role, 'user')
  }),
)

holds('no question is left out that would have fitted with its answer', 1000, () =>
  fc.property(conversation, budget, (messages, budget) => {
    const kept = fit(messages, budget)
    const left = messages.filter(message => !kept.includes(message))
    // From the newest question that went on, all would have been needed to keep it.
    const question = left.findLastIndex(({ role }) => role === 'user')
    if (question < 0) return
    assert.ok(cost([...left.slice(question), ...kept]) > budget)
  }),
)

holds('more room never means less context', 500, () =>
  fc.property(conversation, budget, fc.nat(1000), (messages, budget, more) => {
    const wide = fit(messages, budget + more)
    for (const message of fit(messages, budget)) assert.ok(wide.includes(message))
    assert.deepEqual(fit(messages, cost(messages)).length > 0, true)
  }),
)

holds(
  'with the system parameter, the answer so far and room for more it fits the window',
  500,
  () =>
    fc.property(
      conversation,
      fc.record(
        { system: content, max_tokens: fc.integer({ min: 1, max: 5000 }) },
        { requiredKeys: [] },
      ),
      fc.integer({ min: 256, max: 5000 }),
      fc.nat(500),
      (messages, params, contextWindow, said) => {
        const sent = assemble(messages, params, { contextWindow, said })
        const system = params.system ?? ''
        const whole = system === '' ? messages : [{ role: 'system', content: system }, ...messages]
        if (system !== '') assert.deepEqual(sent[0], whole[0])
        const answer = Math.min(params.max_tokens ?? contextWindow / 4, contextWindow / 2)
        const forced = cost(fixed(whole as Message[]))
        assert.ok(cost(sent) <= Math.max(contextWindow - said - answer, forced))
      },
    ),
)

holds('a branch is the chain of parents, whatever the turns are', 500, () =>
  fc.property(
    fc.array(fc.nat(20), { minLength: 1, maxLength: 20 }),
    fc.nat(25),
    (parents, head) => {
      // A turn's parent is an earlier one, or the root, or one that is lost.
      const turns = parents.map((parent, i) =>
        turn(`${i}`, { parent: i === 0 ? null : parent < i ? `${parent}` : 'lost' }),
      )
      const path = branch(turns, `${head}`)
      for (const [i, { parent }] of path.entries()) {
        if (i > 0) assert.equal(parent, path[i - 1]?.id)
      }
      assert.equal(path.at(-1)?.id, head < turns.length ? `${head}` : undefined)
    },
  ),
)
