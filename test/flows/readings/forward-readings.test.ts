import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../server/domain/instant.ts'
import { StoreUnavailable } from '../../../server/flows/ports.ts'
import {
  append,
  appendMany,
  aWriter,
  embedded,
  history,
  journal,
  checkpoints,
  NOW,
  progress,
  start,
  useStoring,
} from './forwarder-support.ts'

useStoring()

describe('forwarding the journal to a readings store', () => {
  it('stores what is on disk and says when it has', async () => {
    await appendMany(0, 500)
    await start(embedded()).catchUp()
    expect(await history('chamber_c')).toEqual(Array.from({ length: 500 }, (_, i) => [NOW + i, i]))
    expect(progress).toMatchObject({ messages: 500, samples: 500, rejected: 0, lostBytes: 0 })
    expect(progress?.cursor).toBe(journal.durableEnd())
  })

  it('goes on with what arrives later', async () => {
    const running = start(embedded())
    await running.catchUp()
    await appendMany(0, 3)
    await running.catchUp()
    expect(await history('chamber_c')).toHaveLength(3)
  })

  it('puts values into the measurements and places of the contract', async () => {
    const writer = aWriter(() => undefined)
    await append({ ts: NOW, values: { pressure_mpa: 0.6, cover_tilt_deg: 2, battery_v: 3.6, extra: true } })
    await start(writer).catchUp()
    const tags = { deviceId: 'w1', assetId: 'well-1', network: 'primary', zone: 'east', at: NOW }
    expect(writer.taken.flat()).toEqual([
      { ...tags, measurement: 'well', fields: { pressure_mpa: 0.6, battery_v: 3.6, extra: true } },
      { ...tags, measurement: 'cover', fields: { cover_tilt_deg: 2 } },
    ])
  })

  it('writes a cover event as a reading of the lid', async () => {
    await append({ ts: NOW, event: 'cover_open', values: { cover_tilt_deg: 70 } }, NOW, 'event')
    await append({ ts: NOW + 5, event: 'cover_closed' }, NOW + 5, 'event')
    await append({ ts: NOW + 6, event: 'battery_low' }, NOW + 6, 'event')
    await start(embedded()).catchUp()
    expect(await history('cover_open')).toEqual([
      [NOW, true],
      [NOW + 5, false],
    ])
    expect(await history('cover_tilt_deg')).toEqual([[NOW, 70]])
  })

  it('caps a batch in samples, however many a message brings', async () => {
    const writer = aWriter(() => undefined)
    const samples = Array.from({ length: 900 }, (_, i) => ({ ts: NOW - i, values: { chamber_c: i } }))
    for (let i = 0; i < 12; i++) await append(samples)
    await start(writer).catchUp()
    expect(writer.taken.flat()).toHaveLength(10_800)
    expect(Math.max(...writer.taken.map((batch) => batch.length))).toBeLessThanOrEqual(5000 + 900)
  })

  it('F3 waits with the same batch while the store is away, and loses and reorders nothing', async () => {
    let away = true
    const writer = aWriter(() => (away ? new StoreUnavailable('gone') : undefined))
    const running = start(writer)
    await appendMany(0, 100)
    await appendMany(100, 200)
    await expect.poll(() => progress?.problem).toBe('gone')
    expect(progress?.cursor).toBeLessThan(journal.durableEnd())
    away = false
    await running.catchUp()
    expect(writer.taken.flat().map(({ fields }) => fields['chamber_c'])).toEqual(
      Array.from({ length: 200 }, (_, i) => i),
    )
    expect(progress?.problem).toBeUndefined()
  })

  it('F4 tries again ever more slowly', async () => {
    const writer = aWriter(() => new StoreUnavailable('gone'))
    start(writer)
    await append({ chamber_c: 1 })
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(writer.tries()).toBeGreaterThan(3)
    expect(writer.tries()).toBeLessThan(12)
  })

  it('F3 does not storm a store that is misconfigured', async () => {
    const writer = aWriter(() => new StoreUnavailable('wrong token', { misconfigured: true }))
    start(writer)
    await append({ chamber_c: 1 })
    await expect.poll(() => progress?.problem).toBe('wrong token')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(writer.tries()).toBe(1)
  })

  it('after a crash stores the same again, skewed clocks included, and the history is as it was', async () => {
    // A clock six minutes behind shows itself after some minutes; the checkpoint is older than that.
    const first = start(embedded())
    await first.catchUp()
    checkpoints.save({ cursor: journal.start(), clocks: [] })
    const old = checkpoints.saved
    for (let minute = 0; minute < 20; minute++) {
      const receivedAt = NOW + minute * MINUTE
      await append({ ts: receivedAt - 6 * MINUTE, values: { chamber_c: minute } }, receivedAt)
    }
    await first.catchUp()
    await first.close()
    const before = await history('chamber_c')
    expect(before).toHaveLength(20)
    expect(before.at(-1)).toEqual([NOW + 19 * MINUTE, 19])
    checkpoints.saved = old
    await start(embedded()).catchUp()
    expect(await history('chamber_c')).toEqual(before)
  })

  it('keeps no clock in its checkpoint that has learnt from what is not stored yet', async () => {
    let away = false
    const running = start(aWriter(() => (away ? new StoreUnavailable('gone') : undefined)))
    await append({ ts: NOW, values: { chamber_c: 1 } })
    await running.catchUp()
    away = true
    const later = NOW + 10 * MINUTE
    await append({ ts: later, values: { chamber_c: 2 } }, later)
    await expect.poll(() => progress?.problem).toBe('gone')
    await running.close()
    expect(checkpoints.saved?.cursor).toBeLessThan(journal.durableEnd())
    expect(checkpoints.saved?.clocks).toEqual([
      ['w1', { recent: [{ minute: NOW / MINUTE, offsetMs: 0 }], skewMs: 0 }],
    ])
  })

  it('begins where it stopped', async () => {
    await appendMany(0, 10)
    const first = start(embedded())
    await first.catchUp()
    await first.close()
    const writer = aWriter(() => undefined)
    await start(writer).catchUp()
    expect(writer.taken).toEqual([])
    expect(checkpoints.saved?.cursor).toBe(journal.durableEnd())
  })

  it('counts what the journal had to delete before it was stored', async () => {
    const body = {
      ts: NOW,
      values: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`extra_${String(i)}`, i])),
    }
    for (let i = 0; i < 3000; i++) await append(body)
    checkpoints.save({ cursor: journal.start(), clocks: [] })
    journal.advance('store', journal.durableEnd())
    await expect.poll(() => journal.start()).toBeGreaterThan(0)
    await start(aWriter(() => undefined)).catchUp()
    const recordBytes = journal.durableEnd() / 3000
    expect(progress?.messages).toBeLessThan(3000)
    expect(progress?.lostBytes).toBe((3000 - (progress?.messages ?? 0)) * recordBytes)
  })
})
