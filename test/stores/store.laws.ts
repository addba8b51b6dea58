import type { Test } from 'tap'

import type { OpenStore } from '../support/facts.ts'
import { conversationLaws } from './conversation.laws.ts'
import { followLaws } from './follow.laws.ts'
import { logLaws } from './log.laws.ts'
import { ownerLaws } from './owner.laws.ts'
import { searchLaws } from './search.laws.ts'
import { sweepLaws } from './sweep.laws.ts'

/** Every law of a store; `open` gives a fresh one. */
export async function storeLaws(t: Test, open: OpenStore): Promise<void> {
  await t.test('log', async t => logLaws(t, open))
  await t.test('follow', async t => followLaws(t, open))
  await t.test('conversations', async t => conversationLaws(t, open))
  await t.test('owners', async t => ownerLaws(t, open))
  await t.test('search', async t => searchLaws(t, open))
  await t.test('sweep', async t => sweepLaws(t, open))
}
