import type { Language } from '../base/i18n/dictionary.ts'
import { TEXTS, type Dictionary } from '../base/i18n/texts.ts'
import { remembered, remember } from './memory.ts'

export type Theme = 'dark' | 'light'

/** Language and theme of this screen; both switch at once and are remembered. */
class Preferences {
  language = $state<Language>(remembered('language') === 'en' ? 'en' : 'zh')
  theme = $state<Theme>(remembered('theme') === 'light' ? 'light' : 'dark')
  readonly text: Dictionary = $derived(TEXTS[this.language])

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
