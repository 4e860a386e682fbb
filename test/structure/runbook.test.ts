import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TROUBLE_PARTS } from '#contract/live.ts'
import { TIMED_WORDS } from '../../server/domain/self-monitoring/timed-words.ts'

const root = new URL('../..', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const runbook = read('README.md').split('### What each alarm means')[1]?.split('\n## ')[0] ?? ''
const rows = [...runbook.matchAll(/^\| [^|]+\(`(\w+)`\) +\| [^|]+ \| ([^|]+) \|$/gm)]

describe('the runbook', () => {
  it('has a row for every part that can fail, with what to do, and for no other', () => {
    expect(new Set(rows.map(([, part]) => part))).toEqual(new Set(TROUBLE_PARTS))
    for (const [, part, what = ''] of rows) expect([part, what.trim().length > 15]).toEqual([part, true])
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
    'detection/detect',
  ])('%s has its own words for when it fails', (home) => {
    const [, name = ''] = /(?:name:|const NAME =) '([^']+)'/.exec(read(`server/flows/${home}.ts`)) ?? []
    expect(Object.keys(TIMED_WORDS)).toContain(name)
  })
})
