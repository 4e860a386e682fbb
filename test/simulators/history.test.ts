import { describe, expect, it } from 'vitest'
import { MAX_BODY_BYTES, MAX_SAMPLES_PER_MESSAGE } from '#contract/telemetry.ts'
import { demoNetwork } from '../../simulators/demo-network.ts'
import { HISTORY, batches, historyOf } from '../../simulators/history.ts'
import { nextReport, reportsBetween } from '../../simulators/report-schedule.ts'
import {
  CONFIRMING_EVALUATION_AFTER,
  LEAK_ONSET_BEFORE_EVALUATION,
  historyStart,
  writeStory,
} from '../../simulators/demo-story.ts'
import { HOUR, MINUTE } from '../../simulators/time.ts'
import { createWorld } from '../../simulators/world.ts'

const START = Date.parse('2026-01-15T22:50:00+08:00')
const SEED = 7
const world = await createWorld(demoNetwork(SEED), SEED)
const job = { world, seed: SEED, from: historyStart(START), to: START }

describe('back-filled history', () => {
  it('of the whole town is made within a few seconds and within the limits of a message', () => {
    const began = performance.now()
    let samples = 0
    for (const standing of world.devices.values()) {
      const history = historyOf(job, standing)
      samples += history.length
      expect(history.length, standing.device.id).toBeGreaterThan(0)
      for (const batch of batches(history)) {
        expect(batch.length).toBeLessThanOrEqual(MAX_SAMPLES_PER_MESSAGE)
        expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(MAX_BODY_BYTES)
      }
    }
    expect(samples).toBeGreaterThan(30_000)
    expect(performance.now() - began).toBeLessThan(8000)
  })

  it('covers 48 hours in order, without a time twice', () => {
    for (const id of ['rtu-source-1', 'rtu-s-07', 'spare-1', 'spare-4']) {
      const standing = world.devices.get(id)
      if (standing === undefined) throw new Error(id)
      const times = historyOf(job, standing).map(({ ts }) => ts)
      expect(times[0] ?? 0).toBeLessThan(START - 47.5 * HOUR)
      expect(times.at(-1) ?? 0).toBeGreaterThan(START - 20 * MINUTE)
      expect(times.at(-1) ?? 0).toBeLessThanOrEqual(START)
      expect(times.slice(1).every((ts, i) => ts > (times[i] ?? 0))).toBe(true)
    }
  })

  it('of the source begins exactly where its quarter hours are counted from', () => {
    const standing = world.devices.get('rtu-source-1')
    if (standing === undefined) throw new Error('no source')
    const first = historyOf(job, standing)[0]?.ts ?? 0
    expect(first).toBe(START + CONFIRMING_EVALUATION_AFTER - HISTORY)
    expect((START + CONFIRMING_EVALUATION_AFTER - first) % (15 * MINUTE)).toBe(0)
  })

  it('has the onset of the story’s leak in it, and two evaluations of it by the confirming one', () => {
    const { leak } = writeStory(demoNetwork(SEED), SEED, START)
    expect(leak.from).toBeLessThan(START)
    const evaluations = Math.floor(LEAK_ONSET_BEFORE_EVALUATION / (15 * MINUTE)) + 1
    expect(evaluations).toBe(2)
  })
})

describe('the pace of a device', () => {
  it('is the same whichever instant one looks from', () => {
    const device = world.devices.get('rtu-s-07')?.device
    if (device === undefined) throw new Error('no station')
    const times = reportsBetween(SEED, device, [START, START + HOUR])
    expect(times.length).toBeGreaterThan(55)
    for (const [i, at] of times.entries()) {
      if (i > 0) expect(nextReport(SEED, device, (times[i - 1] ?? 0) + 1)).toBe(at)
    }
  })
})
