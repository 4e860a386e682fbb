import { afterEach, expect, it, vi } from 'vitest'
import { MINUTE } from '../../../server/domain/instant.ts'
import { createLeakResponding } from '../../../server/flows/detection/leak-responses.ts'
import { aNetwork, aPipe, aSource, aWell, place } from '../../support/networks.ts'
import { silentLog } from '../../support/silent-log.ts'

afterEach(() => {
  vi.useRealTimers()
})

it('F16 hydraulics that could not be computed are tried again after a while', async () => {
  vi.useFakeTimers()
  const [source, well] = [aSource('src', place(0, 0)), aWell('w', place(500, 0))]
  const network = aNetwork(source, well, aPipe('p', source, well))
  let isOut = true
  let tries = 0
  const responding = await createLeakResponding({
    network: {
      current: () => network,
      asOf: () => network,
      onChange: () => () => undefined,
      packed() {
        tries += 1
        if (isOut) throw new Error('out of memory')
        return undefined
      },
    },
    log: silentLog,
  })
  expect(responding.current()).toBeUndefined()
  await vi.advanceTimersByTimeAsync(24 * 60 * MINUTE)
  // After 10, 30, 70, 150, 310 and 630 minutes, then every six hours: not a core of two for days.
  expect(tries).toBe(9)
  isOut = false
  await vi.advanceTimersByTimeAsync(6 * 60 * MINUTE)
  expect(responding.current()).toBeDefined()
  await responding.close()
})
