import type { ImportMistake } from '#contract/import-mistake.ts'
import type { LocalizedText } from '#contract/text.ts'

/** Takes down one mistake of a feature, in Chinese and English; `path` is a JSON pointer within the feature. */
export type Complain = (path: string, zh: string, en: string) => void

/** A list of mistakes with a pen for one feature. */
export function complainAbout(mistakes: ImportMistake[], featureId: string): Complain {
  return (path, message, messageEn) => {
    mistakes.push({ featureId, path, message, messageEn })
  }
}

/** The first few ids of a long list, for a sentence: W-1、W-2 等 7 个, and W-1, W-2 and 5 more. */
export function someOf(ids: readonly string[]): LocalizedText {
  const [few, more] = [ids.slice(0, 5), ids.length - 5]
  if (more <= 0) return { zh: few.join('、'), en: few.join(', ') }
  return { zh: `${few.join('、')} 等 ${ids.length} 个`, en: `${few.join(', ')} and ${more} more` }
}
