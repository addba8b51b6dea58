/** A file as it is handed on, once the schema has let it pass. */
import t from 'tap'
import type { ConversationFile } from '../../src/transports/conversation-file.ts'
import { readFile } from '../../src/transports/conversation-file.ts'

const file = (end: ConversationFile['turns'][number]['end'] & object): ConversationFile => ({
  format: 'chatai.conversation',
  version: 1,
  title: 'Of a file',
  turns: [{ id: 'a', parent: null, role: 'user', content: 'x', end }],
})

t.test('what says that it is a file of ours is left out, and nothing else', async t => {
  const { format: _format, version: _version, ...rest } = file({ type: 'done', reason: 'length' })
  const times = { createdAt: 1, updatedAt: 2, head: 'a' }
  t.strictSame(readFile({ ...file({ type: 'done', reason: 'length' }), ...times }), {
    ...rest,
    ...times,
  })
})

t.test('only an answer that was stopped was stopped by somebody', async t => {
  const ends = [
    [
      { type: 'done', reason: 'stopped' },
      { type: 'done', reason: 'stopped', by: 'client' },
    ],
    [{ type: 'done', reason: 'stopped', by: 'abandoned' }, undefined],
    [
      { type: 'done', reason: 'complete', by: 'client' },
      { type: 'done', reason: 'complete' },
    ],
    [{ type: 'failed', code: 'internal', message: 'x', retryable: false }, undefined],
  ] as const
  for (const [given, read = given] of ends) {
    t.strictSame(readFile(file(given)).turns[0]?.end, read)
  }
})
