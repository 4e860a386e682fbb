import type { Failure } from '../api/request.ts'
import { chinesePrint } from '../i18n/punctuation.ts'
import type { Language } from '../i18n/dictionary.ts'
import type { Dictionary } from '../i18n/texts.ts'

/** A refusal in words: the server's own sentence, else in English what its code means. */
export function failureText(failure: Failure, language: Language, text: Dictionary): string {
  const own = (text.errors as Readonly<Record<string, string>>)[failure.code]
  if (failure.code === 'unreachable') return text.errors.unreachable
  return language === 'zh' ? chinesePrint(failure.detail) : (failure.detailEn ?? own ?? failure.detail)
}
