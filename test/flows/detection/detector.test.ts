import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Finding } from '../../../server/domain/detection/core/finding.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../server/domain/instant.ts'
import { aPlant as startPlant, PLANT_BEGINS as T } from '../../support/detecting-plant.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})
const aPlant = async (...how: Parameters<typeof startPlant>) => {
  const plant = await startPlant(...how)
  open.push(plant.end)
  return plant
}

const spoken = (findings: readonly Finding[]) =>
  [...new Set(findings.map((finding) => `${finding.phase} ${finding.id} ${finding.at}`))].sort()

describe('the detector on the journal', () => {
  it('raises what is on disk and is then idle', async () => {
    const plant = await aPlant()
    const detector = await plant.start()
    await plant.say('d-w1', T, { cover_open: true })
    await plant.say('d-w1', T + 31 * SECOND, { cover_open: true })
    await detector.catchUp()
    expect(detector.lag()).toBe(0)
    expect(plant.raised).toMatchObject([{ kind: 'emergency', rule: 'cover.open', at: T + 30 * SECOND }])
    await detector.close()
  })

  it('confirms a held cover by its tick, with no further sample', async () => {
    const plant = await aPlant()
    const detector = await plant.start()
    await plant.say('d-w1', T, { cover_open: true })
    await detector.catchUp()
    expect(await detector.nextDue()).toBe(T + 30 * SECOND)
    await detector.run(T + 40 * SECOND)
    expect(plant.raised).toMatchObject([{ at: T + 30 * SECOND }])
    await detector.close()
  })

  it('forgets nothing and doubles nothing over an orderly restart', async () => {
    const plant = await aPlant()
    const first = await plant.start()
    await plant.say('d-w1', T, { cover_tilt_deg: 40 })
    await first.catchUp()
    await first.run(T + 2 * MINUTE)
    await plant.say('d-w2', T + 2 * MINUTE, { cover_open: true })
    await first.catchUp()
    await first.close()
    const second = await plant.start()
    await second.run(T + 5 * MINUTE)
    await plant.say('d-w1', T + 6 * MINUTE, { cover_tilt_deg: 2 })
    await second.catchUp()
    await second.run(T + 8 * MINUTE)
    expect(plant.raised.map((finding) => finding.phase)).toEqual(['raised', 'raised', 'cleared'])
    await second.close()
  })

  it('says the same after kill -9 at any point', async () => {
    const event = fc.record({
      device: fc.constantFrom('d-w1', 'd-w2', 'd-hes'),
      afterS: fc.integer({ min: 1, max: 50 }),
      tilt: fc.constantFrom(2, 15, 80),
      open: fc.boolean(),
      act: fc.constantFrom('none', 'tick', 'kill', 'stop'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 14 }), async (events) => {
        const heard: string[][] = []
        for (const killing of [false, true]) {
          const plant = await aPlant()
          let detector = await plant.start()
          let at = T
          for (const { device, afterS, tilt, open: isOpen, act } of events) {
            at += afterS * SECOND
            await plant.say(device, at, { cover_tilt_deg: tilt, cover_open: isOpen })
            if (act === 'tick') await detector.run(at)
            if (!killing || act === 'none' || act === 'tick') continue
            if (act === 'stop') await detector.close()
            else detector.kill()
            detector = await plant.start()
          }
          await detector.run(at + 10 * MINUTE)
          heard.push(spoken(plant.raised))
          await detector.close()
        }
        expect(heard[1]).toEqual(heard[0])
      }),
      { numRuns: 25 },
    )
  }, 60_000)

  it('repeats a tick at its own place when killed right after it', async () => {
    const plant = await aPlant()
    const first = await plant.start()
    await plant.say('d-w1', T, { cover_open: true })
    await first.run(T + 30 * SECOND)
    // Received before the tick's instant and on disk after it: the replay must not let it undo the tick.
    await plant.say('d-w1', T + 29 * SECOND, { cover_open: false })
    await first.catchUp()
    first.kill()
    const second = await plant.start()
    await second.run(T + 5 * MINUTE)
    expect(spoken(plant.raised).map((text) => text.split(' ')[0])).toEqual(['cleared', 'raised'])
    await second.close()
  })

  it('hands a finding on until it is taken', async () => {
    const taken: Finding[] = []
    let refusals = 2
    const plant = await aPlant({
      raise: async (findings) => {
        refusals -= 1
        if (refusals >= 0) throw new Error('the store is busy')
        taken.push(...findings)
      },
    })
    const detector = await plant.start()
    await plant.say('d-w1', T, { cover_open: true })
    await detector.run(T + MINUTE)
    expect(taken).toHaveLength(1)
    await detector.close()
  })

  it('hands on what a tick found, though the tick itself could not be saved at once', async () => {
    const plant = await aPlant({}, { tickRefusals: 1 })
    const detector = await plant.start()
    await plant.say('d-w1', T, { cover_open: true })
    await Promise.resolve(detector.run(T + MINUTE)).catch(() => undefined)
    await detector.run(T + 2 * MINUTE)
    expect(plant.raised).toMatchObject([{ rule: 'cover.open', at: T + 30 * SECOND }])
    await detector.close()
  })

  it('does not hold its own absence against the devices', async () => {
    const plant = await aPlant()
    const first = await plant.start()
    for (const device of ['d-w1', 'd-w2']) await plant.say(device, T, { pressure_mpa: 0.6 })
    await first.catchUp()
    await first.close()
    plant.clock.at = T + 5 * HOUR
    const second = await plant.start()
    await plant.say('d-w1', T + 5 * HOUR + SECOND, { pressure_mpa: 0.6 })
    await second.run(T + 5 * HOUR + MINUTE)
    expect(plant.raised).toEqual([])
    // An hour after it is back, what is still silent is silent.
    await plant.say('d-w1', T + 6 * HOUR, { pressure_mpa: 0.6 })
    await second.run(T + 6 * HOUR + 5 * MINUTE)
    expect(plant.raised).toMatchObject([{ kind: 'device', fault: 'silence', deviceId: 'd-w2' }])
    await second.close()
  })

  it('repeats a silence that it saw since its last checkpoint, however long it was away', async () => {
    const plant = await aPlant()
    const first = await plant.start()
    await plant.say('d-w2', T, { chamber_c: 30 })
    await first.catchUp()
    // Saved just before the hour of silence is over.
    plant.clock.at = T + HOUR - SECOND
    await first.close()
    const second = await plant.start()
    await plant.say('d-w1', T + HOUR + 4 * MINUTE, { chamber_c: 30 })
    await second.catchUp()
    second.kill()
    plant.clock.at = T + 2 * HOUR
    const third = await plant.start()
    await plant.say('d-w2', T + 2 * HOUR, { chamber_c: 30 })
    await third.catchUp()
    expect(plant.raised.map(({ phase }) => phase)).toEqual(['raised', 'raised', 'cleared'])
    expect(new Set(plant.raised.map(({ id }) => id)).size).toBe(1)
    await third.close()
    await plant.end()
  })

  it('F18 sets aside a device that makes it fail, and goes on', async () => {
    const plant = await aPlant({
      checkInAt: (assetId) => {
        if (assetId === 'w1') throw new Error('broken')
        return undefined
      },
    })
    const detector = await plant.start()
    await plant.say('d-w1', T, { cover_open: true })
    await plant.say('d-w2', T, { cover_open: true })
    await detector.run(T + MINUTE)
    expect(plant.raised).toMatchObject([{ deviceId: 'd-w2' }])
    expect(Object.keys(detector.isolated())).toEqual(['d-w1'])
    expect(detector.problem()).toBeUndefined()
    await detector.close()
  })

  it('says that it works again as soon as its findings are taken, on a quiet day too', async () => {
    let isRefused = true
    const plant = await aPlant({
      raise: () => (isRefused ? Promise.reject(new Error('database or disk is full')) : Promise.resolve()),
    })
    const detector = await plant.start()
    await plant.say('d-w1', T, { cover_open: true })
    const judged = detector.run(T + 31 * SECOND)
    await expect.poll(() => detector.problem()).toBe('database or disk is full')
    isRefused = false
    await judged
    expect(detector.problem()).toBeUndefined()
    await detector.close()
  })

  it('says that it works again while messages come without a rest', async () => {
    let refusals = 1
    let records = 0
    const plant = await aPlant()
    const endless = {
      deviceId: 'd-w2',
      channel: 'telemetry',
      receivedAt: T,
      body: Buffer.from('{}'),
    } as const
    const detector = await plant.start({
      read: async (from) => {
        if (refusals-- > 0) throw new Error('EIO')
        await new Promise((resolve) => setImmediate(resolve))
        records += 1
        return [{ cursor: from, next: from, message: endless }]
      },
    })
    await expect.poll(() => records).toBeGreaterThan(0)
    await expect.poll(() => detector.problem()).toBeUndefined()
    await detector.close()
  })

  it('skips what is no message of ours', async () => {
    const plant = await aPlant()
    const detector = await plant.start()
    for (const body of ['', '{', '{"a":"b"}', '[[[[[[[[[[1]]]]]]]]]]']) {
      await new Promise<void>((resolve) =>
        plant.journal.append(
          { deviceId: 'constructor', channel: 'telemetry', receivedAt: T, body: Buffer.from(body) },
          () => resolve(),
        ),
      )
    }
    await plant.say('constructor', T, { cover_open: true, constructor: 1 })
    await detector.run(T + 2 * DAY)
    expect(plant.raised).toEqual([])
    expect(detector.problem()).toBeUndefined()
    await detector.close()
  })
})
