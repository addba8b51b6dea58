/** The documentation of the client: its language, this server's address in it, what may be copied. */
import { keepChoices, readChoices } from './choices.ts'
import { type Language, languageNames, words } from './words/words.ts'

/** The server's address as the examples are written; here they have that of this page. */
const WRITTEN = 'http://127.0.0.1:8080/'
const titles: Readonly<Record<Language, string>> = { en: 'ChatAI client', zh: 'ChatAI 客户端库' }
const labels: Readonly<Record<string, string>> = {
  page: 'html',
  resume: 'html',
  shell: 'sh',
  types: 'ts',
}

const here = new URL('./', document.baseURI).href
const root = document.documentElement
const switcher = document.querySelector<HTMLButtonElement>('#language')
const copiers: HTMLButtonElement[] = []
let language: Language = readChoices().language

function speak(): void {
  root.lang = language
  document.title = titles[language]
  for (const copier of copiers) copier.textContent = words[language].copy
  if (!switcher) return
  switcher.hidden = false
  switcher.lang = other()
  switcher.textContent = languageNames[other()]
}

const other = (): Language => (language === 'en' ? 'zh' : 'en')

/** A bar above an example: what it is written in, and a button that copies it. */
function dress(code: HTMLElement): void {
  const pre = code.parentElement
  if (!pre) return
  code.textContent = code.innerText.replaceAll(WRITTEN, here)
  const copier = document.createElement('button')
  copier.className = 'plain'
  copier.addEventListener('click', () => void copy(code, copier))
  copiers.push(copier)
  const bar = document.createElement('div')
  bar.className = 'bar'
  bar.append(labels[code.dataset['example'] ?? ''] ?? 'js', copier)
  const example = document.createElement('div')
  example.className = 'example'
  pre.replaceWith(example)
  example.append(bar, pre)
}

async function copy(code: HTMLElement, copier: HTMLElement): Promise<void> {
  // Browsers have no clipboard for a page that came over plain HTTP from another machine.
  if ('clipboard' in navigator) {
    await navigator.clipboard.writeText(code.innerText)
    copier.textContent = words[language].copied
  } else getSelection()?.selectAllChildren(code)
}

for (const code of document.querySelectorAll<HTMLElement>('[data-example]')) dress(code)
switcher?.addEventListener('click', () => {
  language = other()
  keepChoices({ ...readChoices(), language })
  speak()
})
speak()
