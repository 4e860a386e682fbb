import type { LocalizedText } from '#contract/text.ts'
import type { Language } from './dictionary.ts'

const SIGNS: Readonly<Record<string, string>> = { ',': '，', ':': '：', ';': '；', '?': '？', '!': '！' }
const BEFORE_HAN = /(?<=[^\s,]) ?([,;:?!]) ?(?=\p{Script=Han})/gu
const AFTER_HAN = /(?<=\p{Script=Han}|）) ?([,;:?!]) ?/gu
const BRACKETS = /\(([^()]*\p{Script=Han}[^()]*)\)/gu

/** Chinese with the signs of Chinese print; clauses as 3(4), clocks and decimals keep theirs. */
export function chinesePrint(text: string): string {
  const full = (_: string, sign: string): string => SIGNS[sign] ?? sign
  return text.replace(BRACKETS, '（$1）').replace(BEFORE_HAN, full).replace(AFTER_HAN, full)
}

const UNIT = /(?<=\d) (?=(?:K|°C|MPa|kPa|t\/h|m³|m|km|mm|%|g|h|s|min)(?![\p{L}\d]))/gu

const DATE = /(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])|(?<![\w-])\d{2}-\d{2}(?= \d{2}:)/g

/** A line breaks before a date or a figure, never inside it or before its unit. */
export function unbroken(text: string): string {
  return text
    .replace(DATE, (date) => date.replaceAll('-', '-\u2060'))
    .replace(/(?<=\d) (?=\d{2}:)/g, '\u00a0')
    .replace(UNIT, '\u00a0')
}

/** What was copied from the page, as it is typed elsewhere. */
export function asTyped(text: string): string {
  return text.replaceAll('\u2060', '').replaceAll('\u00a0', ' ')
}

/** What the server gives in English beside Chinese; what a person wrote stands in one language only. */
export function saidWhy(
  { why, whyEn }: { readonly why: string; readonly whyEn?: string },
  language: Language,
): string {
  return unbroken(language === 'en' && whyEn !== undefined ? whyEn : chinesePrint(why))
}

/** What the server says, as it stands on the page; `asTyped` makes of it what is sent on. */
export function said(sentence: LocalizedText, language: Language): string {
  return unbroken(language === 'zh' ? chinesePrint(sentence.zh) : sentence.en)
}
