import type { Language, Translated } from './dictionary.ts'
import { enDesk } from './en-desk.ts'
import { enPages } from './en-pages.ts'
import { enEngineer } from './en-engineer.ts'
import { enEntrance } from './en-entrance.ts'
import { enForms } from './en-forms.ts'
import { enImport } from './en-import.ts'
import { enNetwork } from './en-network.ts'
import { enOffice } from './en-office.ts'
import { enCommon } from './en-common.ts'
import { enRoster } from './en-roster.ts'
import { enSystem } from './en-system.ts'
import { enWords } from './en-words.ts'
import { zhDesk } from './zh-desk.ts'
import { zhPages } from './zh-pages.ts'
import { zhEngineer } from './zh-engineer.ts'
import { zhEntrance } from './zh-entrance.ts'
import { zhForms } from './zh-forms.ts'
import { zhImport } from './zh-import.ts'
import { zhNetwork } from './zh-network.ts'
import { zhOffice } from './zh-office.ts'
import { zhCommon } from './zh-common.ts'
import { zhRoster } from './zh-roster.ts'
import { zhSystem } from './zh-system.ts'
import { zhWords } from './zh-words.ts'

const zh = {
  ...zhCommon,
  ...zhEntrance,
  ...zhDesk,
  ...zhPages,
  ...zhNetwork,
  ...zhEngineer,
  ...zhSystem,
  ...zhOffice,
  importing: zhImport,
  roster: zhRoster,
  words: zhWords,
  forms: zhForms,
}
export type Dictionary = Translated<typeof zh>

/** Everything the page says, by language. */
export const TEXTS: Readonly<Record<Language, Dictionary>> = {
  zh,
  en: {
    ...enCommon,
    ...enEntrance,
    ...enDesk,
    ...enPages,
    ...enNetwork,
    ...enEngineer,
    ...enSystem,
    ...enOffice,
    importing: enImport,
    roster: enRoster,
    words: enWords,
    forms: enForms,
  },
}
