import type { Language, Translated } from './dictionary.ts'
import { enForms } from './en-forms.ts'
import { enPage } from './en-page.ts'
import { enWords } from './en-words.ts'
import { zhForms } from './zh-forms.ts'
import { zhPage } from './zh-page.ts'
import { zhWords } from './zh-words.ts'

const zh = { ...zhPage, words: zhWords, forms: zhForms }
export type Dictionary = Translated<typeof zh>

/** Everything the page says, by language. */
export const TEXTS: Readonly<Record<Language, Dictionary>> = {
  zh,
  en: { ...enPage, words: enWords, forms: enForms },
}
