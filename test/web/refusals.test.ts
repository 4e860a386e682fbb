import { expect, it } from 'vitest'
import { PROBLEMS, type ProblemCode } from '#contract/problem.ts'
import { TEXTS } from '../../web/src/i18n/texts.ts'

/** Their sentences tell which field, rule or record is meant, and nothing else could. */
const SAID_BY_SENTENCE: ReadonlySet<ProblemCode> = new Set([
  ...(['bad-request', 'not-found', 'stale-version', 'conflict', 'missing-field', 'wrong-state'] as const),
  ...(['guard-refused', 'bad-time', 'bad-value', 'bad-network'] as const),
])

it('what is no refusal of the work itself has its own words in both languages', () => {
  const codes = (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => !SAID_BY_SENTENCE.has(code))
  expect(codes).toContain('unavailable')
  for (const { errors } of [TEXTS.en, TEXTS.zh])
    expect(Object.keys(errors)).toEqual(expect.arrayContaining(codes))
  const words: Readonly<Record<string, string>> = TEXTS.en.errors
  expect(codes.filter((code) => /\p{Script=Han}/u.test(words[code] ?? ''))).toEqual([])
})
