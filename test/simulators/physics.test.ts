import { describe, expect, it } from 'vitest'
import { contractionTh } from '#hydraulics'
import { demoNetwork } from '../../simulators/demo-network.ts'
import { airRiseK, chamberState, steamKw } from '../../simulators/physics/chamber.ts'
import { meanWaterC, plantSupplyC, warmingKPerH } from '../../simulators/physics/heat.ts'
import { outdoorC } from '../../simulators/physics/weather.ts'
import { HOUR, MINUTE } from '../../simulators/time.ts'
import { createWorld } from '../../simulators/world.ts'

const JANUARY = Date.parse('2026-01-15T22:50:00+08:00')
const SEED = 7

/** Seconds until the air of the chamber has risen by 8 K, searched in steps of a second. */
function secondsTo8K(leakTh: number): number {
  const heat = steamKw(leakTh, 110)
  for (let s = 1; s < 7200; s += 1) if (airRiseK(heat, s) >= 8) return s
  return Infinity
}

describe('a well chamber', () => {
  it('rises by 8 K after about 23 min at 0.5 t/h, a minute at 1 t/h, seconds at 5 t/h', () => {
    expect(secondsTo8K(0.5) / 60).toBeGreaterThan(15)
    expect(secondsTo8K(0.5) / 60).toBeLessThan(30)
    expect(secondsTo8K(1)).toBeGreaterThan(30)
    expect(secondsTo8K(1)).toBeLessThan(90)
    expect(secondsTo8K(5)).toBeLessThan(15)
  })

  it('shows less than 0.2 t/h only by humidity and level', () => {
    const chamber = { baseC: 40, baseHumidityPct: 60, baseLevelM: 0, floorM2: 9, depthM: 2.4 }
    const leak = { leakTh: 0.18, waterC: 110, from: 0, until: Infinity }
    const state = chamberState(chamber, [leak], 2 * HOUR)
    expect(state.airC).toBeLessThan(48)
    expect(state.humidityPct).toBeGreaterThan(98)
    expect(state.levelM).toBeGreaterThan(0.02)
  })

  it('cools again when the leak is mended', () => {
    const chamber = { baseC: 40, baseHumidityPct: 60, baseLevelM: 0, floorM2: 9, depthM: 2.4 }
    const leak = { leakTh: 3, waterC: 110, from: 0, until: 10 * MINUTE }
    expect(chamberState(chamber, [leak], 9 * MINUTE).airC).toBeGreaterThan(65)
    expect(chamberState(chamber, [leak], 3 * HOUR).airC).toBeLessThan(48)
  })

  it('makes no steam of secondary water, which only rises', () => {
    expect(steamKw(5, 60)).toBe(0)
  })
})

describe('weather and heat', () => {
  it('is between −27 and −13 °C in mid-January and above zero in May', () => {
    for (let h = 0; h < 24 * 7; h += 1) {
      expect(outdoorC(SEED, JANUARY + h * HOUR)).toBeGreaterThan(-27)
      expect(outdoorC(SEED, JANUARY + h * HOUR)).toBeLessThan(-13)
    }
    expect(outdoorC(SEED, Date.parse('2026-05-20T14:00:00+08:00'))).toBeGreaterThan(5)
  })

  it('supplies hotter water on colder days', () => {
    expect(plantSupplyC(SEED, JANUARY)).toBeGreaterThan(123)
    expect(plantSupplyC(SEED, Date.parse('2026-04-10T14:00:00+08:00'))).toBeLessThan(118)
  })
})

describe('the source', () => {
  it('makes up for the contraction of cooling water and for leaks', async () => {
    const world = await createWorld(demoNetwork(SEED), SEED)
    const at = JANUARY
    const flow = (instant: number) => Number(world.values('rtu-source-1', instant)['makeup_flow_t_h'])
    const mean = (from: number) =>
      [...Array(60).keys()].reduce((sum, i) => sum + flow(from + i * MINUTE), 0) / 60
    const hours = [...Array(24).keys()].map((h) => at - h * HOUR)
    const corrected = hours.map((h) => {
      const middle = h + HOUR / 2
      return mean(h) - contractionTh(world.volumeM3, meanWaterC(SEED, middle), warmingKPerH(SEED, middle))
    })
    const raw = hours.map(mean)
    const spread = (values: number[]) => Math.max(...values) - Math.min(...values)
    expect(spread(corrected)).toBeLessThan(0.6 * spread(raw))

    const [before, earlier] = [mean(at), mean(at - 2 * HOUR)]
    world.add({ kind: 'pipe-leak', pointId: 'j-050', side: 'supply', flowTh: 40, from: at })
    expect(mean(at) - before).toBeGreaterThan(35)
    expect(mean(at) - before).toBeLessThan(50)
    expect(mean(at - 2 * HOUR)).toBe(earlier)
  })
})

describe('the world', () => {
  it('is the same for the same seed, in whatever order it is asked', async () => {
    const [a, b] = [await createWorld(demoNetwork(SEED), SEED), await createWorld(demoNetwork(SEED), SEED)]
    const ids = [...a.devices.keys()].filter((_, i) => i % 23 === 0)
    const there = ids.map((id) => a.values(id, JANUARY))
    const back = ids
      .toReversed()
      .map((id) => b.values(id, JANUARY))
      .reverse()
    expect(back).toEqual(there)
  })

  it('gives every device a value of every signal that it declares', async () => {
    const world = await createWorld(demoNetwork(SEED), SEED)
    for (const [id, { device }] of world.devices) {
      expect(Object.keys(world.values(id, JANUARY)), id).toEqual(device.signals)
    }
  })

  it('keeps chambers near 40 °C in season and near 10 °C off season', async () => {
    const world = await createWorld(demoNetwork(SEED), SEED)
    const chamber = (at: number) => Number(world.values('spare-1', at)['chamber_c'])
    expect(chamber(JANUARY)).toBeGreaterThan(33)
    expect(chamber(JANUARY)).toBeLessThan(47)
    expect(chamber(Date.parse('2026-07-15T12:00:00+08:00'))).toBeLessThan(20)
  })
})
