import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chinesePrint } from '../../web/src/i18n/punctuation.ts'

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

const WORDS = new URL('../../web/src/i18n/', import.meta.url)
const HALF = /\p{Script=Han}[,:;?!(]|[,:;?!)]\p{Script=Han}|\$\{[^}]*\}[,:;?!(]|[,:;?!)]\$\{/u

it('the page has no half-width signs in its Chinese words', () => {
  const files = readdirSync(WORDS).filter((name) => name.startsWith('zh-'))
  expect(files.length).toBeGreaterThan(5)
  const lines = files.flatMap((name) => readFileSync(new URL(name, WORDS), 'utf8').split('\n'))
  expect(lines.filter((line) => HALF.test(line))).toEqual([])
})
