import { expect, it, vi } from 'vitest'
import { createAudit, type AuditEntry, type AuditStore } from '../../../server/flows/access/audit.ts'
import { silentLog } from '../../support/silent-log.ts'

const entry = (who: string): AuditEntry => ({ at: 1, who, action: 'export', subject: 's', status: 200 })

/** A store whose disk is full for the first few tries. */
function aStore(refusals: number) {
  const kept: string[] = []
  const tries = vi.fn()
  let left = refusals
  const store: AuditStore = {
    add: async (entries) => {
      tries()
      left -= 1
      if (left >= 0) throw new Error('database or disk is full')
      kept.push(...entries.map(({ who }) => who))
    },
    list: async () => ({ items: [] }),
    verify: () => Promise.reject(new Error('not asked')),
  }
  return { kept, store, tries }
}

it('what the disk refuses is kept, in its order, until it is taken', async () => {
  const { kept, store, tries } = aStore(2)
  const audit = createAudit(store, silentLog)
  audit.record(entry('first'))
  await vi.waitFor(() => expect(tries).toHaveBeenCalledOnce())
  expect(kept).toEqual([])
  audit.record(entry('second'))
  await vi.waitFor(() => expect(kept).toEqual(['first', 'second']), { timeout: 5000 })
  expect(tries).toHaveBeenCalledTimes(3)
  await audit.close()
})

it('at the end it is tried once more and then told to the log', async () => {
  for (const [refusals, expected] of [
    [1, ['first']],
    [9, []],
  ] as const) {
    const { kept, store } = aStore(refusals)
    const error = vi.fn()
    const audit = createAudit(store, { ...silentLog, error })
    audit.record(entry('first'))
    await vi.waitFor(() => expect(error).toHaveBeenCalledTimes(1))
    await audit.close()
    expect(kept).toEqual(expected)
    expect(JSON.stringify(error.mock.calls.at(-1)).includes('first')).toBe(expected.length === 0)
  }
})
