import type { Message, Params, Prompt } from '../core/chunk.ts'
import { chinese, english, type Words } from './demo-text.ts'

/** Counting stops here, so that one answer stays below a hundred kilobytes. */
const maxCount = 10_000

/** A quote is one line of this many characters as people see them. */
const maxQuote = 60

/** So many of the earlier turns are quoted: enough to see that the context arrived. */
const maxEarlier = 3

type Wish = { kind: 'greeting' | 'question' | 'long' } | { kind: 'count'; top: number }

/**
 * What the demo says to a prompt, a pure function of it. With `prefix`, `text` is what is still to
 * be said after it, and nothing is reasoned again. Knows no limits: see `max_tokens` and `stop` in
 * demo.ts.
 */
export function answer(prompt: Prompt): { reasoning: string; text: string } {
  const prefix = prompt.prefix ?? ''
  const asked = spoken(prompt.messages).at(-1) ?? ''
  const words = isChinese(asked) ? chinese : english
  const reasoning = prefix === '' && wantsReasoning(asked) ? words.reasoning : ''
  return { reasoning, text: goOn(prefix, blocksFor(prompt, words), words.join) }
}

/** Longer would be taken for a model that is out of order. */
const MAX_SILENCE_SECONDS = 50

/** How long a model is to be silent first, in ms: what it takes to try connections that carry nothing. */
export function silenceOf({ messages, prefix = '' }: Prompt): number {
  const found = /\bwait (\d{1,2}) seconds?\b|等 ?(\d{1,2}) ?秒/i.exec(spoken(messages).at(-1) ?? '')
  if (found === null || prefix !== '') return 0
  return Math.min(Number(found[1] ?? found[2]), MAX_SILENCE_SECONDS) * 1000
}

const spoken = (messages: readonly Message[]): string[] =>
  messages.filter(message => message.role === 'user').map(message => message.content)

/** A Chinese character says about as much as a word of letters, so the two are weighed as equals. */
function isChinese(text: string): boolean {
  const characters = text.match(/\p{sc=Han}/gv)?.length ?? 0
  const words = text.match(/[\p{L}--\p{sc=Han}]+/gv)?.length ?? 0
  return characters > words
}

const wantsReasoning = (asked: string): boolean =>
  /\b(?:think|thinking|reason|reasoning)\b|思考|推理/i.test(asked)

function blocksFor(prompt: Prompt, words: Words): readonly string[] {
  const wish = wishOf(spoken(prompt.messages).at(-1) ?? '')
  const context = contextOf(prompt, words)
  const { label, connect } = words
  switch (wish.kind) {
    case 'greeting':
      return [label, ...context, words.hint, connect]
    case 'question':
      return [label, ...context, ...words.tour, connect]
    case 'long':
      return [label, ...context, ...words.essay, ...words.tour, connect]
    case 'count':
      // The context comes last: a change of settings halfway must not disturb the numbers.
      return [label, ...numbers(wish.top, words), ...context, connect]
    default:
      return wish satisfies never
  }
}

const greeting =
  /^(?:hi|hello|hey|howdy|yo|thanks|thank you|bye|goodbye|ping|test|good (?:morning|evening|night))(?: there)?$|^(?:你好|您好|嗨|哈喽|谢谢|再见|早上好|晚上好|晚安|在吗|测试)[吗呀啊呢]?$/i

/** “How long …?” and “no longer” are not wishes for a long answer. */
const longEnglish =
  /(?<!\b(?:how|as|so|no) )\b(?:long|longer|lengthy|essay)\b|\b(?:[3-9]\d\d|\d+,?\d{3})[ -]?words?\b/i

const longChinese =
  /[长長](?:文|篇|一?[点點些]|的?回答)|[很更][长長]|(?:[3-9]\d\d|\d{4}) ?[个個]?字|(?:千|[三四五六七八九]百)字/

const count = /\bcount(?:ing)? (?:up )?(?:from )?(?:1 |one )?to (\d[\d,]*)|[数數]到 ?(\d[\d,]*)/i

function wishOf(asked: string): Wish {
  // NFKC also turns full-width digits into plain ones.
  const text = asked.normalize('NFKC').replace(/\s+/g, ' ').trim()
  const found = count.exec(text)
  if (found) return { kind: 'count', top: Number((found[1] ?? found[2] ?? '').replaceAll(',', '')) }
  if (longEnglish.test(text) || longChinese.test(text)) return { kind: 'long' }
  const bare = text.replace(/[\p{P}\p{S}\p{Cf}\p{M}]+/gu, '').trim()
  return { kind: bare === '' || greeting.test(bare) ? 'greeting' : 'question' }
}

/** In rows of ten, which are easier to check by eye. */
function numbers(wanted: number, words: Words): readonly string[] {
  const top = Math.min(Math.max(wanted, 1), maxCount)
  let row = '1'
  for (let n = 2; n <= top; n += 1) row += (n % 10 === 1 ? '\n' : ' ') + n
  return [words.counting(top, wanted > maxCount), row, words.counted(top)]
}

/** What arrived, so that people see that the context did. */
function contextOf({ messages, params }: Prompt, words: Words): readonly string[] {
  const all = spoken(messages)
  const system = messages.find(message => message.role === 'system')
  const earlier = all.slice(0, -1).slice(-maxEarlier)
  const settings = settingsOf(params)
  return [
    words.heard(messages.length, quote(all.at(-1) ?? '', words)),
    ...(system ? [words.system(quote(system.content, words))] : []),
    ...(earlier.length > 0 ? [words.earlier(earlier.map(text => quote(text, words)))] : []),
    ...(settings.length > 0 ? [words.settings(settings.join(', '))] : []),
  ]
}

/** Names in a fixed order. Stop sequences are counted only: said aloud they would stop the answer. */
function settingsOf(params: Params): readonly string[] {
  const names = [
    'temperature',
    'top_p',
    'max_tokens',
    'presence_penalty',
    'frequency_penalty',
    'seed',
  ] as const
  const numeric = names
    .filter(name => params[name] !== undefined)
    .map(name => `\`${name} ${params[name]}\``)
  const stops = params.stop?.length ?? 0
  return stops > 0 ? [...numeric, `\`stop\` × ${stops}`] : numeric
}

/** Someone's words as one line in a code span, where nothing but a backtick means anything. */
function quote(text: string, words: Words): string {
  // A look at the beginning is enough; half a surrogate pair may be left at its end.
  const line = text
    .slice(0, maxQuote * 8)
    .toWellFormed()
    .replace(/\uFFFD$/, '')
    .replaceAll('`', 'ˋ')
    .replace(/[\p{Cc}\p{Z}\u202A-\u202E\u2066-\u2069]+/gu, ' ')
    .trim()
  const characters = [...new Intl.Segmenter('en').segment(line)].map(part => part.segment)
  const cut = characters.length > maxQuote || text.length > maxQuote * 8
  const kept = cut ? `${characters.slice(0, maxQuote).join('').trimEnd()}…` : line
  return `\`${kept || words.silence}\``
}

/**
 * The part of the answer that comes after `prefix`. A prefix this answer does not begin with is
 * someone else's, or was said under other settings: the block it broke off in is finished where it
 * is known, then come a joining sentence and the blocks it does not hold yet.
 */
function goOn(prefix: string, blocks: readonly string[], join: string): string {
  const whole = blocks.join('\n\n')
  if (whole.startsWith(prefix)) return whole.slice(prefix.length)
  const unsaid = blocks.filter(block => !prefix.includes(block))
  const tail = prefix.split('\n\n').at(-1) ?? ''
  const begun = tail === '' ? undefined : unsaid.find(block => block.startsWith(tail))
  const ending = begun ? begun.slice(tail.length) : fenceOf(prefix)
  return [ending, join, ...unsaid.filter(block => block !== begun)].join('\n\n')
}

/** What closes the code block `text` broke off in. */
function fenceOf(text: string): string {
  const fences = [...text.matchAll(/^[ \t]*(`{3,}|~{3,})/gm)]
  return fences.length % 2 === 1 ? `\n${fences.at(-1)?.[1]}` : ''
}
