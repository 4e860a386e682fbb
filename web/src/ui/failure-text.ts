import type { Failure } from '../api/request.ts'
import { chinesePrint } from '../i18n/punctuation.ts'
import type { Language } from '../i18n/dictionary.ts'
import type { Dictionary } from '../i18n/texts.ts'

/** A refusal in words. The server's sentence is Chinese; English has its own for the common codes. */
export function failureText(failure: Failure, language: Language, text: Dictionary): string {
  const own = (text.errors as Readonly<Record<string, string>>)[failure.code]
  if (failure.code === 'unreachable') return text.errors.unreachable
  return language === 'zh' ? chinesePrint(failure.detail) : (own ?? failure.detail)
}
