import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TROUBLE_PARTS } from '#contract/live.ts'
import { TIMED_WORDS } from '../../server/domain/self-monitoring/timed-words.ts'

const root = new URL('../..', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
/** `### words (`part`)`, then what it means and what to do. */
const entries = (path: string) => [
  ...read(path).matchAll(
    /^### .+ \(`(\w+)`\)\n\n- \*\*(?:Means|含义)\*\*[:：] ?(.+)\n- \*\*(?:Do|处置)\*\*[:：] ?(.+)$/gm,
  ),
]

describe.each([
  ['server/deploy/RUNBOOK.md', 15],
  ['.readme/RUNBOOK.zh.md', 8],
])('the runbook %s', (path, least) => {
  it('has an entry for every part that can fail, with what it means and what to do, and for no other', () => {
    expect(new Set(entries(path).map(([, part]) => part))).toEqual(new Set(TROUBLE_PARTS))
    for (const [, part, means = '', what = ''] of entries(path)) {
      expect([part, means.trim().length > least, what.trim().length > least]).toEqual([part, true, true])
    }
  })
})

describe('the timed parts', () => {
  it.each([
    'ticket/tick-deadlines',
    'ticket/check-in',
    'hotline/forget-callers',
    'duty/watch-duty',
    'ticket/watch-drills',
    'notification/deliver-notifications',
    'detection/detector',
  ])('%s has its own words for when it fails', (home) => {
    const [, name = ''] = /(?:name:|const NAME =) '([^']+)'/.exec(read(`server/flows/${home}.ts`)) ?? []
    expect(Object.keys(TIMED_WORDS)).toContain(name)
  })
})
