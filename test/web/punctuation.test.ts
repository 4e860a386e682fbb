import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { clauseText } from '../../web/src/base/i18n/clause.ts'
import { asTyped, chinesePrint, said, saidWhy, unbroken } from '../../web/src/base/i18n/punctuation.ts'

describe('Chinese as it is printed', () => {
  it.each([
    [
      '压力低 31.7 kPa(已扣除同步变化),另有 7 个,自 01-15 22:50 起;请核对',
      '压力低 31.7 kPa（已扣除同步变化），另有 7 个，自 01-15 22:50 起；请核对',
    ],
    ['依据第八条3(4), 每户 1,019 元', '依据第八条3(4)，每户 1,019 元'],
    ['已排除: 抖动', '已排除：抖动'],
    ['the leak, at 22:50', 'the leak, at 22:50'],
  ])('%s', (typed, printed) => {
    expect(chinesePrint(typed)).toBe(printed)
  })
})

it('no line ends inside a date, and a number beside a word may stand at an edge', () => {
  expect(unbroken('自 11-27 00:43 起,27 处')).toBe('自 11-\u206027\u00a000:43 起,27 处')
  expect(unbroken('自2026-01-15起')).toBe('自2026-\u206001-\u206015起')
  expect(unbroken('since 2026-01-15, 27')).toBe('since 2026-\u206001-\u206015, 27')
  expect(unbroken('J-019 low-pressure')).toBe('J-019 low-pressure')
  expect(unbroken('−0.2 K, 30.1 kPa, 4 months')).toBe('−0.2\u00a0K, 30.1\u00a0kPa, 4 months')
})

it('what the server says or gives as its reason breaks at no figure, in either language', () => {
  const sentence = { zh: '低 31.7 kPa,自 01-15 22:50 起', en: '31.7 kPa low, since 01-15 22:50' }
  expect(said(sentence, 'zh')).toBe('低 31.7\u00a0kPa，自 01-\u206015\u00a022:50 起')
  expect(said(sentence, 'en')).toBe('31.7\u00a0kPa low, since 01-\u206015\u00a022:50')
  expect(saidWhy({ why: '时刻 2026-01-15 22:50' }, 'zh')).toBe('时刻 2026-\u206001-\u206015\u00a022:50')
})

it('an identifier stays as it is, and what is copied from a sentence is found as it was typed', () => {
  for (const id of ['V-12-3', '0101-2', 'J-2026-01-15', '2026-01-15-003', '11-27 号井'])
    expect(unbroken(id)).toBe(id)
  const sentence = '自 2026-01-15 22:50 起 31.7 kPa'
  expect(unbroken(sentence)).not.toBe(sentence)
  expect(asTyped(unbroken(sentence))).toBe(sentence)
})

it('a reason that a person gave stands as it is, in either language', () => {
  expect(saidWhy({ why: '跨区供热' }, 'en')).toBe('跨区供热')
  expect(saidWhy({ why: '在建,转城东', whyEn: 'under construction: 城东' }, 'en')).toBe(
    'under construction: 城东',
  )
  expect(saidWhy({ why: '在建,转城东', whyEn: 'under construction: 城东' }, 'zh')).toBe('在建，转城东')
})

const WORDS = new URL('../../web/src/base/i18n/', import.meta.url)
const HALF = /\p{Script=Han}[,:;?!(]|[,:;?!)]\p{Script=Han}|\$\{[^}]*\}[,:;?!(]|[,:;?!)]\$\{/u

it('the page has no half-width signs in its Chinese words', () => {
  const files = readdirSync(WORDS).filter((name) => name.startsWith('zh-'))
  expect(files.length).toBeGreaterThan(5)
  const lines = files.flatMap((name) => readFileSync(new URL(name, WORDS), 'utf8').split('\n'))
  expect(lines.filter((line) => HALF.test(line))).toEqual([])
})

it.each([
  ['第八条3(4)', 'Art.\u00a08.3(4)'],
  ['第四条A', 'Art.\u00a04A'],
  ['第七条', 'Art.\u00a07'],
  ['第十二条1', 'Art.\u00a012.1'],
  ['4.2', '4.2'],
])('the clause %s is cited in either language', (clause, english) => {
  expect(clauseText(clause, 'en')).toBe(english)
  expect(clauseText(clause, 'zh')).toBe(clause)
})

it.each(['I', 'A28'])('%s, which is no clause of the text, is called inferred', (clause) => {
  expect(clauseText(clause, 'en')).toBe('inferred')
  expect(clauseText(clause, 'zh')).toBe('推定')
})
