/** Listens to a provider to the end and says what it heard, an error included. */
import type { Chunk, FinishReason, Prompt, Provider } from '../../src/core/chunk.ts'
import { ChatError } from '../../src/core/errors.ts'

export interface Heard {
  readonly text: string
  readonly reasoning: string
  readonly finish: FinishReason | undefined
  readonly usage: { readonly input: number; readonly output: number } | undefined
  /** As they came: each the chunks of one read. */
  readonly batches: readonly (readonly Chunk[])[]
  /** What was thrown, which must be a ChatError. */
  readonly error: ChatError | undefined
}

export const question: Prompt = { messages: [{ role: 'user', content: 'Hello?' }], params: {} }

export interface Ear {
  readonly prompt?: Prompt
  readonly signal?: AbortSignal
  /** Called with each batch before the next is asked for. */
  readonly batch?: (batch: readonly Chunk[]) => unknown
}

export async function hear(provider: Provider, ear: Ear = {}): Promise<Heard> {
  const { prompt = question, signal = new AbortController().signal, batch = () => undefined } = ear
  const batches: (readonly Chunk[])[] = []
  let error: ChatError | undefined
  try {
    for await (const said of provider.stream(prompt, signal)) {
      batches.push(said)
      await batch(said)
    }
  } catch (thrown) {
    if (!(thrown instanceof ChatError)) throw thrown
    error = thrown
  }
  const chunks = batches.flat()
  const join = (type: Chunk['type']): string =>
    chunks.map(chunk => (chunk.type === type && 'text' in chunk ? chunk.text : '')).join('')
  const finish = chunks.filter(chunk => chunk.type === 'finish')
  const usage = chunks.filter(chunk => chunk.type === 'usage')
  if (finish.length > 1 || usage.length > 1) throw new Error('Heard more than one ending')
  return {
    text: join('text'),
    reasoning: join('reasoning'),
    finish: finish[0]?.reason,
    usage: usage[0] && { input: usage[0].input, output: usage[0].output },
    batches,
    error,
  }
}
