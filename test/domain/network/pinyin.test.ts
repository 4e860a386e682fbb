import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spokenAs, syllablesOf } from '../../../server/domain/network/pinyin.ts'

describe('how a name is spoken', () => {
  it.each([
    ['迎宾路', 'yingbinlu', 'whole'],
    ['迎宾路', 'ybl', 'whole'],
    ['迎宾路', 'yingbl', 'whole'],
    ['迎宾路三号井', 'yb', 'start'],
    ['迎宾路三号井', 'shj', 'within'],
    ['重庆街', 'chongqing', 'start'],
    ['重庆街', 'zhongqing', 'start'],
    ['绿园小区', 'lvyuan', 'start'],
    ['绿园小区', 'luyuan', 'start'],
    ['换热站12', 'hrz12', 'whole'],
    ['西安路', 'xianlu', 'whole'],
    ['狮换', 'sh', 'whole'],
    ['狮城换热站', 'shi', 'start'],
    ['迎宾路', 'y', undefined],
    ['迎宾路', 'yl', undefined],
    ['迎宾路', 'yingbinlux', undefined],
    ['迎宾路', '迎', undefined],
    ['', 'yb', undefined],
  ] as const)('%s is said by %s: %s', (text, asked, how) => {
    expect(spokenAs(asked, syllablesOf(text))).toBe(how)
  })

  it('any text is said by the first letters of its signs', () => {
    const han = fc.constantFrom(...'滨河路巴音赛大街幸福里团结新村换热站井阀门乌达狮城育才')
    fc.assert(
      fc.property(fc.array(han, { minLength: 2, maxLength: 12 }), (signs) => {
        const syllables = syllablesOf(signs.join(''))
        const initials = syllables.map(([first = '']) => first.charAt(0)).join('')
        expect(spokenAs(initials, syllables)).toBe('whole')
      }),
    )
  })
})
