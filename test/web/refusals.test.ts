import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { problemOf, PROBLEMS, refuse, type ProblemCode } from '#contract/problem.ts'
import { TEXTS } from '../../web/src/base/i18n/texts.ts'
import { failureText } from '../../web/src/base/ui/failure-text.ts'

/** Their sentences tell which field, rule or record is meant, and nothing else could. */
const SAID_BY_SENTENCE: ReadonlySet<ProblemCode> = new Set([
  'bad-request',
  'not-found',
  'stale-version',
  'conflict',
  'missing-field',
  'wrong-state',
  'guard-refused',
  'bad-time',
  'bad-value',
  'bad-network',
])

it('what is no refusal of the work itself has its own words in both languages', () => {
  const codes = (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => !SAID_BY_SENTENCE.has(code))
  expect(codes).toContain('unavailable')
  for (const { errors } of [TEXTS.en, TEXTS.zh])
    expect(Object.keys(errors)).toEqual(expect.arrayContaining(codes))
  const words: Readonly<Record<string, string>> = TEXTS.en.errors
  expect(codes.filter((code) => /\p{Script=Han}/u.test(words[code] ?? ''))).toEqual([])
})

it('no sentence of the server is said in Chinese under its English name, or the other way round', () => {
  const server = new URL('../../server/', import.meta.url)
  const swapped = /\ben: ['`][^'`$]*\p{Script=Han}|\bzh: ['`][^'`\p{Script=Han}$]+['`]/u
  const files = globSync('**/*.ts', { cwd: server.pathname })
  expect(files.length).toBeGreaterThan(100)
  const found = files.flatMap((file) => {
    const line = swapped.exec(readFileSync(new URL(file, server), 'utf8'))?.[0]
    return line === undefined ? [] : [`${file}: ${line}`]
  })
  expect(found).toEqual([])
})

describe('a refusal in words', () => {
  const failure = (problem: ReturnType<typeof problemOf>) => ({
    ok: false as const,
    status: problem.status,
    code: problem.code,
    clause: undefined,
    missing: [],
    detail: problem.detail ?? '',
    detailEn: problem.detailEn,
  })

  it('is said in the language of the page', () => {
    const told = failure(problemOf(refuse('bad-request', { zh: '没有给出文件', en: 'no file is given' })))
    expect(failureText(told, 'zh', TEXTS.zh)).toBe('没有给出文件')
    expect(failureText(told, 'en', TEXTS.en)).toBe('no file is given')
  })

  it('in English falls back to what its code means, where another server has no sentence', () => {
    const older = problemOf(
      refuse('not-your-right', { zh: '大屏只能查看', en: 'the screen on the wall can only read' }),
    )
    delete older.detailEn
    expect(failureText(failure(older), 'en', TEXTS.en)).toBe('You do not have this right.')
  })
})
