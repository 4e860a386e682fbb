import type { Language } from './dictionary.ts'

const DIGITS = '零一二三四五六七八九'
const UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100 }
const REGISTER = /^[A-Z]\d*$/
const CLAUSE = /^第(\d+|[一二三四五六七八九十百零]+)条\s*(.*)$/

/**
 * A clause as it is cited: 第八条3(4) in Chinese, Art. 8.3(4) in English; 推定 where the text does not say it, also
 * in messages that an older release kept with a code of its register; anything else as it stands.
 */
export function clauseText(clause: string, language: Language): string {
  if (REGISTER.test(clause)) return language === 'zh' ? '推定' : 'inferred'
  const found = articleOf(clause)
  if (language === 'zh' || found === undefined) return clause
  const { article, rest } = found
  return `Art.\u00a0${String(article)}${/^\d/.test(rest) ? '.' : ''}${rest}`
}

/** A clause as its article, 1 to 999, and what follows it; undefined for what is cited in another way. */
export function articleOf(clause: string): { readonly article: number; readonly rest: string } | undefined {
  const [, words = '', rest = ''] = CLAUSE.exec(clause) ?? []
  return words === '' ? undefined : { article: numberOf(words), rest }
}

function numberOf(words: string): number {
  if (/^\d/.test(words)) return Number(words)
  let [sum, digit] = [0, 0]
  for (const word of words) {
    const unit = UNITS[word]
    if (unit !== undefined) sum += (digit === 0 ? 1 : digit) * unit
    digit = unit === undefined ? DIGITS.indexOf(word) : 0
  }
  return sum + digit
}
