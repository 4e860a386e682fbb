import { describe, expect, it, vi } from 'vitest'
import { MINUTE } from '../../../server/domain/instant.ts'
import {
  appendMany,
  aWriter,
  embedded,
  journal,
  checkpoints,
  RETRY_DELAYS,
  start,
  useStoring,
} from './forwarder-support.ts'

const CAPACITY = 2 << 20
useStoring(CAPACITY)

describe('the place in the journal up to which readings are stored', () => {
  it('is saved only once what was written is past a power cut', async () => {
    await appendMany(0, 10)
    const told: string[] = []
    const { save } = checkpoints
    checkpoints.save = (checkpoint) => {
      told.push('checkpoint')
      save(checkpoint)
    }
    const writer = { ...aWriter(() => void told.push('write')), sync: () => void told.push('secure') }
    const run = start(writer)
    await run.catchUp()
    await run.close()
    expect(told[0]).toBe('write')
    expect(told.slice(-2)).toEqual(['secure', 'checkpoint'])
  })

  it('is saved now and then, not whenever there is nothing more to read', async () => {
    const rare = start(embedded())
    for (let n = 0; n < 5; n += 1) {
      await appendMany(n, n + 1)
      await rare.catchUp()
    }
    expect(checkpoints.saved).toBeUndefined()
    await rare.close()
    expect(checkpoints.saved?.cursor).toBe(journal.durableEnd())
    const often = start(embedded(), { ...RETRY_DELAYS, checkpointMs: 50 })
    await appendMany(5, 6)
    await often.catchUp()
    await expect.poll(() => checkpoints.saved?.cursor).toBe(journal.durableEnd())
  })

  it('is saved soon again however long that took once, since the journal keeps all behind it', async () => {
    let late = 0
    const now = performance.now.bind(performance)
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + late)
    const save = checkpoints.save
    checkpoints.save = (checkpoint) => {
      late += 10 * MINUTE
      save(checkpoint)
    }
    const running = start(embedded(), { ...RETRY_DELAYS, checkpointMs: 10, maxCheckpointMs: 20 })
    await appendMany(0, 1)
    await expect.poll(() => checkpoints.saved?.cursor).toBe(journal.durableEnd())
    await appendMany(1, 2)
    await running.catchUp()
    await expect.poll(() => checkpoints.saved?.cursor, { timeout: 5000 }).toBe(journal.durableEnd())
    await running.close()
    clock.mockRestore()
  })

  it('is saved before the journal has no room for what lies behind it', async () => {
    const running = start(embedded())
    while (journal.durableEnd() < CAPACITY / 2) await appendMany(0, 500)
    await running.catchUp()
    expect(journal.durableEnd() - (checkpoints.saved?.cursor ?? 0)).toBeLessThan(CAPACITY / 3)
  })

  it('is not saved when that fails', async () => {
    await appendMany(0, 10)
    const writer = {
      ...aWriter(() => undefined),
      sync() {
        throw new Error('the disk is gone')
      },
    }
    const run = start(writer)
    await run.catchUp()
    await run.close()
    expect(checkpoints.saved).toBeUndefined()
  })
})
