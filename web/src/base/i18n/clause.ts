import type { Language } from './dictionary.ts'

const DIGITS = '一二三四五六七八九'
const CLAUSE = /^第([一二三四五六七八九十]+)条\s*(.*)$/

/** A clause as it is cited: 第八条3(4) in Chinese, Art. 8.3(4) in English; anything else as it stands. */
export function clauseText(clause: string, language: Language): string {
  const [, article = '', rest = ''] = CLAUSE.exec(clause) ?? []
  if (language === 'zh' || article === '') return clause
  return `Art.\u00a0${String(numberOf(article))}${/^\d/.test(rest) ? '.' : ''}${rest}`
}

/** 1 … 99 */
function numberOf(words: string): number {
  const [tens = '', ones = ''] = words.includes('十') ? words.split('十') : ['', words]
  const ten = words.includes('十') ? (tens === '' ? 1 : DIGITS.indexOf(tens) + 1) : 0
  return ten * 10 + (ones === '' ? 0 : DIGITS.indexOf(ones) + 1)
}
