import { enForms } from '../i18n/en-forms.ts'
import { enPage } from '../i18n/en-page.ts'
import { enWords } from '../i18n/en-words.ts'
import type { Language, Translated } from '../i18n/dictionary.ts'
import { zhForms } from '../i18n/zh-forms.ts'
import { zhPage } from '../i18n/zh-page.ts'
import { zhWords } from '../i18n/zh-words.ts'
import { remembered, remember } from './memory.ts'

const zh = { ...zhPage, words: zhWords, forms: zhForms }
export type Dictionary = Translated<typeof zh>
const en: Dictionary = { ...enPage, words: enWords, forms: enForms }

export type Theme = 'dark' | 'light'

/** Language and theme of this screen; both switch at once and are remembered. */
class Preferences {
  language = $state<Language>(remembered('language') === 'en' ? 'en' : 'zh')
  theme = $state<Theme>(remembered('theme') === 'light' ? 'light' : 'dark')
  readonly text: Dictionary = $derived(this.language === 'en' ? en : zh)

  switchLanguage(): void {
    this.language = this.language === 'zh' ? 'en' : 'zh'
    remember('language', this.language)
  }

  switchTheme(): void {
    this.theme = this.theme === 'dark' ? 'light' : 'dark'
    remember('theme', this.theme)
  }
}

export const preferences = new Preferences()
