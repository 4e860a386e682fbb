import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../server/domain/detection/catalogue.ts'
import { commonPart } from '../../../server/domain/detection/parts.ts'
import { createDetectorState, type DetectorState } from '../../../server/domain/detection/core/state.ts'
import { step } from '../../../server/domain/detection/step.ts'
import { tick } from '../../../server/domain/detection/tick.ts'
import { MINUTE, SECOND } from '../../../server/domain/instant.ts'
import { createCheckpoints, restore } from '../../../server/flows/detection/checkpoint.ts'
import type {
  DetectionStore,
  SavedCheckpoint,
  SavedPart,
} from '../../../server/flows/detection/detection-store.ts'
import { aPlant } from '../../support/detecting-plant.ts'
import { aRowOfWells, time } from '../../support/detection-world.ts'

const T = time('22:50:00')
const network = aRowOfWells(60, 30)

/** A detector whose checkpoints are written so slowly that it takes in messages between two pieces. */
function aSlowDisk(meanwhile: () => void) {
  const kept = new Map<string, string>()
  let coming = new Map<string, string>()
  let committed: SavedCheckpoint | undefined
  const disk = { refusals: 0 }
  const store: Pick<DetectionStore, 'write' | 'commit' | 'forgetOlder'> = {
    async write(parts: readonly SavedPart[]) {
      disk.refusals -= 1
      if (disk.refusals >= 0) throw new Error('database or disk is full')
      for (const { name, body } of parts) coming.set(name, body)
      meanwhile()
    },
    async commit(checkpoint) {
      for (const [name, body] of coming) kept.set(name, body)
      coming = new Map()
      committed = checkpoint
      meanwhile()
    },
    forgetOlder: async () => undefined,
  }
  const state = createDetectorState()
  const checkpoints = createCheckpoints(store as DetectionStore, state, 2000)
  const context = {
    network,
    settings: DEFAULT_SETTINGS,
    touched: checkpoints.deviceTouched,
    zoneTouched: checkpoints.zoneTouched,
  }
  const restored = (): DetectorState =>
    restore({ parts: [...kept].map(([name, body]) => ({ name, body })), ticks: [], cursor: 0, aliveAt: 0 })
  return { state, checkpoints, context, disk, restored, committed: () => committed }
}

/** When a zone's source was heard last is no part of it: that moves with every word of the source. */
const allOf = (state: DetectorState) =>
  structuredClone({
    devices: state.devices,
    common: commonPart(state),
    zones: Object.values(state.zones).map((zone) => ({ ...zone, heardAt: zone.heardAt > 0 })),
  })

/** One message of a well or of the source, or nothing for so many minutes. */
const happening = fc.oneof(
  { weight: 20, arbitrary: fc.record({ well: fc.integer({ min: 1, max: 30 }), open: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ source: true }) },
  { weight: 1, arbitrary: fc.record({ minutes: fc.integer({ min: 1, max: 90 }) }) },
)

describe('a checkpoint while the detector goes on', () => {
  it('is the state as it stood when it began, whatever happens between its pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { minLength: 40, maxLength: 120 }),
        fc.integer({ min: 1, max: 39 }),
        async (happenings, before) => {
          let at = T
          const rest = happenings.slice(before)
          const go = (one: (typeof happenings)[number] | undefined): void => {
            if (one === undefined) return
            if ('minutes' in one) {
              at += one.minutes * MINUTE
              tick(plant.state, at, plant.context)
              return
            }
            at += SECOND
            const [deviceId, values] =
              'source' in one
                ? ['d-s', { makeup_flow_t_h: 8, primary_supply_mpa: 0.9 }]
                : [`d-w${one.well}`, { cover_open: one.open, pressure_mpa: 0.6, chamber_c: 30 + one.well }]
            const decoded = { kind: 'telemetry' as const, samples: [{ ts: at, values }], rejected: [] }
            step(plant.state, { deviceId, receivedAt: at, decoded }, plant.context)
          }
          const plant = aSlowDisk(() => {
            for (const one of rest.splice(0, 15)) go(one)
          })
          for (const one of happenings.slice(0, before)) go(one)
          const atFirst = allOf(plant.state)
          await plant.checkpoints.save({ cursor: 1, aliveAt: at })
          expect(allOf(plant.restored())).toEqual(atFirst)
          for (const one of rest.splice(0)) go(one)
          // The next one holds what had changed while this one was written.
          const afterwards = allOf(plant.state)
          await plant.checkpoints.save({ cursor: 2, aliveAt: at })
          expect(allOf(plant.restored())).toEqual(afterwards)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('that fails costs nothing: the next one holds all of it', async () => {
    const plant = aSlowDisk(() => undefined)
    const say = (well: number, at: number): void => {
      const decoded = {
        kind: 'telemetry' as const,
        rejected: [],
        samples: [{ ts: at, values: { chamber_c: 30 } }],
      }
      step(plant.state, { deviceId: `d-w${well}`, receivedAt: at, decoded }, plant.context)
    }
    say(1, T)
    say(2, T)
    plant.disk.refusals = 1
    await expect(plant.checkpoints.save({ cursor: 1, aliveAt: T })).rejects.toThrow('full')
    expect(plant.committed()).toBeUndefined()
    say(2, T + MINUTE)
    await plant.checkpoints.save({ cursor: 2, aliveAt: T })
    expect(allOf(plant.restored())).toEqual(allOf(plant.state))
    expect(plant.committed()).toEqual({ cursor: 2, aliveAt: T, judgedTo: T + MINUTE })
  })

  it('goes on while its state is being written, and ends when that is done', async () => {
    const disk: Parameters<typeof aPlant>[1] = {}
    const plant = await aPlant({}, disk)
    const detecting = await plant.start()
    const slow = Promise.withResolvers<undefined>()
    const writing = Promise.withResolvers<undefined>()
    disk.beforeWrite = () => (writing.resolve(undefined), slow.promise)
    await plant.say('d-w1', T, { cover_open: true })
    await detecting.catchUp()
    await writing.promise
    await plant.say('d-w1', T + 31 * SECOND, { cover_open: true })
    await detecting.catchUp()
    expect(plant.raised).toMatchObject([{ rule: 'cover.open' }])
    setImmediate(() => slow.resolve(undefined))
    await detecting.close()
    expect(await plant.store.load()).toMatchObject({ cursor: plant.journal.durableEnd() })
    await plant.end()
  })

  it('holds the place where it began: a crash right after it loses nothing that came meanwhile', async () => {
    const disk: Parameters<typeof aPlant>[1] = {}
    const plant = await aPlant({}, disk)
    const first = await plant.start()
    const slow = Promise.withResolvers<undefined>()
    const writing = Promise.withResolvers<undefined>()
    disk.beforeWrite = () => (writing.resolve(undefined), slow.promise)
    await plant.say('d-w1', T, { cover_open: true })
    await first.catchUp()
    const began = plant.journal.durableEnd()
    await writing.promise
    await plant.say('d-w1', T + 31 * SECOND, { cover_open: true })
    await first.catchUp()
    slow.resolve(undefined)
    for (let turns = 0; turns < 100; turns += 1) await new Promise(setImmediate)
    first.kill()
    expect(await plant.store.load()).toMatchObject({ cursor: began })
    const second = await plant.start()
    await second.catchUp()
    expect(plant.raised).toMatchObject([{ rule: 'cover.open' }, { rule: 'cover.open' }])
    expect(new Set(plant.raised.map(({ id }) => id)).size).toBe(1)
    await second.close()
    await plant.end()
  })

  it('begins before the journal has no room for what lies behind the last one', async () => {
    const disk = { beforeWrite: () => Promise.resolve(), journalBytes: 256 * 1024 }
    const plant = await aPlant({}, disk)
    const detecting = await plant.start()
    let begun = 0
    disk.beforeWrite = async () => void (begun += 1)
    const extra = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`extra_${n}`, n]))
    for (let n = 0; plant.journal.durableEnd() < disk.journalBytes / 3; n += 1) {
      await plant.say('d-w1', T + n * SECOND, extra)
    }
    await detecting.catchUp()
    expect(begun).toBeGreaterThan(0)
    await detecting.close()
    await plant.end()
  })

  it('says that its state cannot be saved, goes on, and saves it later', async () => {
    const disk = { beforeWrite: () => Promise.resolve() }
    const plant = await aPlant({}, disk)
    const detecting = await plant.start()
    disk.beforeWrite = () => Promise.reject(new Error('database or disk is full'))
    await plant.say('d-w1', T, { cover_open: true })
    await detecting.catchUp()
    await expect.poll(() => detecting.unsaved()).toBe('database or disk is full')
    expect(detecting.problem()).toBeUndefined()
    await plant.say('d-w1', T + 31 * SECOND, { cover_open: true })
    await detecting.catchUp()
    expect(plant.raised).toMatchObject([{ rule: 'cover.open' }])
    disk.beforeWrite = () => Promise.resolve()
    await expect.poll(() => detecting.unsaved()).toBeUndefined()
    expect(await plant.store.load()).toMatchObject({ cursor: plant.journal.durableEnd() })
    await detecting.close()
    await plant.end()
  })

  it('tries to save it again on a quiet day too', async () => {
    let refusals = 0
    const plant = await aPlant(
      {},
      {
        beforeWrite: () =>
          refusals-- > 0 ? Promise.reject(new Error('database or disk is full')) : Promise.resolve(),
      },
    )
    const detecting = await plant.start()
    refusals = 1
    await plant.say('d-w1', T, { cover_open: true })
    await detecting.catchUp()
    await expect.poll(() => detecting.unsaved()).toBe('database or disk is full')
    await expect.poll(() => detecting.unsaved()).toBeUndefined()
    await detecting.close()
    await plant.end()
  })
})
