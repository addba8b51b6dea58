/** The examples of the contract: one short answer, told once and shown in every form it has. */

const generation = 'gen_5Zc0dFqT3q1y8Jw2mXk7Pw'
const conversation = 'cnv_Yb4rT0sWmE6uQk1xVn9aLg'
const question = 'trn_o2Jc8VhZ5tGd3eRk7yXwBA'
const answer = 'trn_9fLm1QaHs0iUz6CpNb4VtE'
const at = 1_790_000_000_000
const params = { temperature: 0.7 }
const reasoning = 'A greeting. I greet back.'
const pieces = ['Hello! What can I do', ' for you?'] as const
const text = pieces.join('')
const usage = { input: 12, output: 9, estimated: false }
const done = { type: 'done', reason: 'complete' }
const failed = {
  type: 'failed',
  code: 'provider_timeout',
  message: 'The model went silent in mid-answer. Try again, or choose another model.',
  retryable: true,
}

export const ids = { generation, conversation, turn: question }

/** One event of each type. */
export const events = {
  started: { generation, seq: 1, type: 'started', conversation, model: 'demo', params, at },
  reasoning: { generation, seq: 2, type: 'reasoning', text: reasoning },
  text: { generation, seq: 3, type: 'text', text: pieces[0] },
  updated: { generation, seq: 4, type: 'updated', model: 'demo', params, mode: 'continue' },
  usage: { generation, seq: 5, type: 'usage', ...usage },
  done: { generation, seq: 6, ...done },
  failed: { generation, seq: 4, ...failed },
}

/** An answer as `curl -N` shows it: the hint, the events, a heartbeat while the model thinks. */
export const stream = [
  'retry: 1280',
  ...[events.started, events.reasoning, events.text].map(frame),
  ':',
  ...[{ ...events.text, seq: 4, text: pieces[1] }, events.usage, events.done].map(frame),
].join('\n\n')

function frame(event: { readonly seq: number }): string {
  return `id: ${generation}:${event.seq}\ndata: ${JSON.stringify(event)}`
}

export const changed = { offset: 20, model: 'demo', params: { temperature: 0.2 }, mode: 'continue' }

export const ends = { done, failed }

export const starts = [
  { message: 'Hello!', model: 'demo', params },
  { message: 'And in French?', conversation, onDisconnect: 'stop' },
  { message: 'Good morning!', conversation, edit: question },
  { regenerate: answer, conversation },
  { messages: [{ role: 'user', content: 'Hello!' }], params: { max_tokens: 100 } },
]

export const updates = [
  { params: { temperature: 0.2 } },
  { model: 'deepseek', mode: 'restart' },
  { params: { max_tokens: null } },
]

const started = { id: generation, conversation, model: 'demo', params, reasoning, at }
export const whole = { ...started, status: 'done', text, seq: 6, usage, end: done }
export const generations = [whole, { ...started, status: 'streaming', text: pieces[0], seq: 3 }]

const asked = { id: question, parent: null, role: 'user', content: 'Hello!', at }
const said = { id: answer, parent: question, role: 'assistant', content: text, at }
export const turns = [
  asked,
  { ...said, generation, model: 'demo', params, reasoning, usage, end: done },
]

export const bare = {
  id: conversation,
  title: 'Hello!',
  createdAt: at,
  updatedAt: at + 900,
  head: answer,
}

export const found = { ...bare, excerpt: '…Hello! What can I do for you?' }

export const fileTurns = [asked, { ...said, model: 'demo', params, reasoning, end: done }]
export const file = {
  format: 'chatai.conversation',
  version: 1,
  title: bare.title,
  createdAt: at,
  updatedAt: bare.updatedAt,
  head: answer,
  turns: fileTurns,
}

export const next = `${bare.updatedAt}.${conversation}`

export const models = [
  {
    id: 'demo',
    label: 'Demo (scripted, no AI)',
    provider: 'this server',
    ready: true,
    contextWindow: 128_000,
    preferred: true,
  },
  {
    id: 'chatgpt',
    label: 'ChatGPT',
    provider: 'OpenAI',
    ready: false,
    contextWindow: 128_000,
    preferred: false,
    missing: 'OPENAI_API_KEY',
  },
]
