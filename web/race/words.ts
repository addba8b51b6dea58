import { type RaceWords, raceEnglish } from '../words/race-english.ts'
import { raceChinese } from '../words/race-chinese.ts'
import { type Language, type Words, words } from '../words/words.ts'

/** The words of the race, and those of the page beside them. */
export interface Speech extends RaceWords {
  readonly language: Language
  readonly page: Words
}

/** Loaded with the race, not with the page. */
export const speech: Readonly<Record<Language, Speech>> = {
  en: { ...raceEnglish, language: 'en', page: words.en },
  zh: { ...raceChinese, language: 'zh', page: words.zh },
}
