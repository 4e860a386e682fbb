import { expect, it, vi } from 'vitest'
import { closeEach } from '../../server/process/close-each.ts'
import { silentLog } from '../support/silent-log.ts'

it('one part that cannot be closed keeps no other from it, and is told of', async () => {
  const closed: string[] = []
  const error = vi.fn()
  await closeEach(
    {
      first: { close: () => void closed.push('first') },
      full: { close: () => Promise.reject(new Error('the disk is full')) },
      absent: undefined,
      last: { close: async () => void closed.push('last') },
    },
    { ...silentLog, error },
  )
  expect(closed).toEqual(['first', 'last'])
  expect(error.mock.calls).toMatchObject([[{ part: 'full' }, expect.any(String)]])
})
