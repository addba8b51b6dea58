import { chineseEssay } from './demo-essay-zh.ts'
import { englishEssay } from './demo-essay.ts'

/**
 * All the words of the demo in one language. Each is one Markdown block (no blank line inside),
 * so that a half-said answer can be taken up again block by block.
 */
export interface Words {
  readonly label: string
  readonly connect: string
  readonly hint: string
  readonly join: string
  readonly reasoning: string
  readonly silence: string
  readonly tour: readonly string[]
  readonly essay: readonly string[]
  readonly heard: (count: number, last: string) => string
  readonly system: (quote: string) => string
  readonly earlier: (quotes: readonly string[]) => string
  readonly settings: (list: string) => string
  readonly counting: (top: number, limited: boolean) => string
  readonly counted: (top: number) => string
}

/** Shown in both languages: the smallest client there is. */
const code = [
  '```js',
  "const source = new EventSource('/api/ai/chat/sse?message=hi')",
  'source.onmessage = event => console.log(event.data)',
  '```',
].join('\n')

/** The same in every language. */
const formula = '$E = mc^2$'

const emoji = '👩‍💻 👨‍👩‍👧 🇨🇳 🇪🇺 🎉'

export const english: Words = {
  label:
    '**This is the built-in demo, not an AI.** ' +
    'It needs no key or network; the same question always gets the same words. 🤖',
  connect:
    'To talk to a real model, set `OPENAI_API_KEY`, `DEEPSEEK_API_KEY`, ' +
    'or `LOCAL_BASE_URL` + `LOCAL_MODEL`, and restart the server.',
  hint:
    'Ask me a question to see some Markdown, or say `a long answer`, `count to 300` or `think` ' +
    '– with `think` a piece of reasoning comes first. 👋',
  join: '*(From here on the built-in demo, which is not an AI, goes on with what it was given now.)*',
  reasoning:
    'You asked me to think, so here is the reasoning part of an answer. It is written ' +
    'beforehand like the rest: look at the last message, pick its language, pick a length, answer.',
  silence: 'nothing',
  tour: [
    '## What can be streamed',
    [
      `- **Bold**, \`code\`, ${formula}, a [link](https://developer.mozilla.org/docs/Web/API/EventSource)`,
      `- Chinese: 你好，世界; emoji: ${emoji}`,
    ].join('\n'),
    [
      '| Say | Get |',
      '| --- | --- |',
      '| `a long answer` | almost a minute of text |',
      '| `count to 300` | the numbers |',
      '| `think` | reasoning first |',
    ].join('\n'),
    code,
  ],
  essay: englishEssay,
  heard: (count, last) =>
    `I got **${count} ${count === 1 ? 'message' : 'messages'}**; your last one says: ${last}.`,
  system: quote => `There is a system message: ${quote}.`,
  earlier: quotes => `Before that you said: ${quotes.join(' · ')}.`,
  settings: list =>
    `Settings: ${list}. Only \`max_tokens\` and \`stop\` make a difference to a demo.`,
  counting: (top, limited) =>
    limited ? `Counting to ${top}, which is as far as I go:` : `Counting to ${top}:`,
  counted: top => `That was ${top}. Each number came once and in order. ✅`,
}

export const chinese: Words = {
  label:
    '**这是内置演示，不是人工智能**。它不需要密钥，也不需要网络；同样的问题总是得到同样的回答。🤖',
  connect:
    '要连接真正的模型，请设置 `OPENAI_API_KEY`、`DEEPSEEK_API_KEY`，' +
    '或者 `LOCAL_BASE_URL` + `LOCAL_MODEL`，然后重启服务器。',
  hint:
    '问我一个问题，可以看到 Markdown 的各种样式；也可以说“写一篇长文”、“数到300”，' +
    '或者“思考”：说了“思考”，我会先给出一段推理。👋',
  join: '*（从这里起，由内置演示按照现在的设置继续；它不是人工智能。）*',
  reasoning:
    '你让我思考，所以先给出回答中的推理部分。它和其余内容一样是事先写好的：' +
    '看最后一条消息，判断语言，决定长短，然后作答。',
  silence: '空',
  tour: [
    '## 流式回答可以包含什么',
    [
      `- **粗体**、\`代码\`、${formula} 和[链接](https://developer.mozilla.org/zh-CN/docs/Web/API/EventSource)`,
      `- 英文：Hello, world；表情符号：${emoji}`,
    ].join('\n'),
    [
      '| 你说 | 你会得到 |',
      '| --- | --- |',
      '| `写一篇长文` | 将近一分钟的文字 |',
      '| `数到300` | 一个接一个的数字 |',
      '| `思考` | 先给出一段推理 |',
    ].join('\n'),
    code,
  ],
  essay: chineseEssay,
  heard: (count, last) => `我收到了 **${count} 条消息**，你最后一条说的是：${last}。`,
  system: quote => `其中有一条系统消息：${quote}。`,
  earlier: quotes => `在那之前你说过：${quotes.join(' · ')}。`,
  settings: list => `设置：${list}。对演示来说，只有 \`max_tokens\` 和 \`stop\` 会起作用。`,
  counting: (top, limited) => (limited ? `最多数到 ${top}，开始：` : `数到 ${top}，开始：`),
  counted: top => `数完了，到 ${top} 为止：每个数字一次，顺序不乱。✅`,
}
