import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { demoNetwork } from '../../simulators/demo-network.ts'
import { passThrough } from '../../simulators/faults/catalogue.ts'
import { placeOf } from '../../simulators/run-scenario.ts'
import { SCENARIOS, scenarioByName } from '../../simulators/scenarios/catalogue.ts'
import type { ScenarioPlan } from '../../simulators/scenarios/scenario.ts'
import { HOUR, MINUTE, SECOND } from '../../simulators/time.ts'
import { eventReportsOf } from '../../simulators/event-reports.ts'
import type { World } from '../../simulators/world.ts'
import { createWorld } from '../../simulators/world.ts'

const FROM = Date.parse('2026-01-15T22:50:00+08:00')
const SEED = 7

async function plan(name: string, at: string): Promise<{ world: World; plan: ScenarioPlan }> {
  const world = await createWorld(demoNetwork(SEED), SEED)
  const place = placeOf(world, at)
  if (isRefusal(place)) throw new Error(place.detail)
  const made = scenarioByName(name)?.plan({ world, ...place, seed: 3, from: FROM })
  if (made === undefined || isRefusal(made)) throw new Error(made?.detail)
  world.add(...made.effects)
  return { world, plan: made }
}

async function refusal(name: string, at: string): Promise<string> {
  const world = await createWorld(demoNetwork(SEED), SEED)
  const place = placeOf(world, at)
  if (isRefusal(place)) return place.detailEn
  const made = scenarioByName(name)?.plan({ world, ...place, seed: 3, from: FROM })
  return made !== undefined && isRefusal(made) ? made.detailEn : 'no refusal'
}

describe('scenarios', () => {
  it('are the ten of the list, each with the truth it tells', async () => {
    const expected: Record<
      string,
      readonly [at: string, ticket: string | undefined, fault: string | undefined]
    > = {
      'cover-displaced': ['spare-1', 'cover', undefined],
      'cover-missing': ['spare-2', 'cover', undefined],
      'passing-truck': ['spare-1', undefined, undefined],
      steam: ['spare-1', 'well_vent', undefined],
      'water-rising': ['spare-3', 'well_vent', undefined],
      'trunk-leak': ['spare-1', 'primary_leak', undefined],
      'secondary-leak': ['spare-4', 'hes_secondary', undefined],
      'sensor-stuck': ['spare-4', undefined, 'stuck'],
      'sensor-silent': ['spare-4', undefined, 'silence'],
      'late-batch': ['spare-4', undefined, undefined],
    }
    expect(SCENARIOS.map(({ name }) => name).sort()).toEqual(Object.keys(expected).sort())
    for (const [name, [at, ticket, fault]] of Object.entries(expected)) {
      const { plan: made, world } = await plan(name, at)
      expect(made.truth, name).toMatchObject({ kind: name, assetId: world.devices.get(at)?.asset.id })
      expect(made.truth.expected, name).toBe(ticket)
      expect(made.truth.deviceFault, name).toBe(fault)
      expect(made.truth.onset).toBeGreaterThanOrEqual(FROM)
      expect(made.deviceIds.length).toBeGreaterThan(0)
    }
  })

  it('cover-displaced tilts beyond the limit, short of open, and the device says so at once', async () => {
    const { world, plan: made } = await plan('cover-displaced', 'spare-1')
    const tilt = (at: number) => Number(world.values('spare-1', at)['cover_tilt_deg'])
    expect(Math.abs(tilt(made.truth.onset - SECOND))).toBeLessThan(2)
    expect(tilt(made.truth.onset + SECOND)).toBeGreaterThan(12)
    expect(tilt(made.truth.onset + SECOND)).toBeLessThan(60)
    const wakes = made.effects.flatMap((effect) => eventReportsOf(world, effect))
    expect(wakes).toMatchObject([{ deviceId: 'spare-1', event: 'cover_tilt' }])
    expect((wakes[0]?.at ?? 0) - made.truth.onset).toBeLessThan(30 * SECOND)
  })

  it('cover-missing opens the contact', async () => {
    const { world, plan: made } = await plan('cover-missing', 'spare-1')
    const values = world.values('spare-1', made.truth.onset + SECOND)
    expect(values['cover_open']).toBe(true)
    expect(Number(values['cover_tilt_deg'])).toBeGreaterThan(60)
    expect(made.effects.flatMap((effect) => eventReportsOf(world, effect))[0]?.event).toBe('cover_open')
  })

  it('passing-truck tilts for less than two seconds and raises no event', async () => {
    const { world, plan: made } = await plan('passing-truck', 'spare-1')
    for (const effect of made.effects) {
      const wakes = eventReportsOf(world, effect)
      expect(wakes.every(({ event }) => event === undefined)).toBe(true)
      const tilts = wakes.map(({ at }) => Number(world.values('spare-1', at)['cover_tilt_deg']))
      expect(tilts[0]).toBeGreaterThan(13)
      expect(tilts[1]).toBeLessThan(3)
      expect((wakes[1]?.at ?? 0) - (wakes[0]?.at ?? 0)).toBeLessThan(3 * SECOND)
    }
  })

  it('steam heats the chamber beyond 55 °C within a minute', async () => {
    const { world, plan: made } = await plan('steam', 'spare-1')
    const chamber = (at: number) => Number(world.values('spare-1', at)['chamber_c'])
    expect(chamber(made.truth.onset)).toBeLessThan(48)
    expect(chamber(made.truth.onset + MINUTE)).toBeGreaterThan(55)
  })

  it('water-rising fills the secondary well to the cover without heating it', async () => {
    const { world, plan: made } = await plan('water-rising', 'spare-3')
    const after = (ms: number) => world.values('spare-3', made.truth.onset + ms)
    expect(Number(after(3 * MINUTE)['water_level_m'])).toBeGreaterThan(0.1)
    const { asset } = world.devices.get('spare-3') ?? {}
    const depthM = asset?.kind === 'well' ? (asset.depthM ?? 0) : 0
    expect(Number(after(38 * MINUTE)['water_level_m'])).toBeGreaterThan(0.8 * depthM)
    expect(Number(after(38 * MINUTE)['chamber_c'])).toBeLessThan(45)
  })

  it('trunk-leak raises the make-up by about its size and lowers the pressure of the stations', async () => {
    const { world, plan: made } = await plan('trunk-leak', 'spare-1')
    const flow = (at: number) => Number(world.values('rtu-source-1', at)['makeup_flow_t_h'])
    const grown = flow(made.truth.onset + MINUTE) - flow(made.truth.onset - MINUTE)
    expect(grown / (made.truth.size?.value ?? 0)).toBeCloseTo(1, 0)
    const pressure = (at: number) => Number(world.values('rtu-s-19', at)['primary_supply_mpa'])
    const drops = [...Array(20).keys()].map(
      (i) => pressure(made.truth.onset - (i + 1) * SECOND) - pressure(made.truth.onset + i * SECOND),
    )
    expect(drops.reduce((sum, drop) => sum + drop, 0) / drops.length).toBeGreaterThan(0.001)
    expect(made.deviceIds).toContain('rtu-source-1')
    expect(made.deviceIds.some((id) => id.startsWith('spare'))).toBe(false)
  })

  it('secondary-leak drops both secondary pressures and raises the make-up', async () => {
    const { world, plan: made } = await plan('secondary-leak', 'spare-4')
    const before = world.values('spare-4', made.truth.onset - MINUTE)
    const after = world.values('spare-4', made.truth.onset + MINUTE)
    for (const signal of ['secondary_supply_mpa', 'secondary_return_mpa']) {
      expect(Number(before[signal]) - Number(after[signal]), signal).toBeGreaterThan(0.06)
    }
    expect(Number(after['makeup_flow_t_h']) - Number(before['makeup_flow_t_h'])).toBeGreaterThan(1)
    expect(Number(after['primary_supply_mpa'])).toBeCloseTo(Number(before['primary_supply_mpa']), 1)
  })

  it.each(['sensor-stuck', 'sensor-silent', 'late-batch'])(
    '%s changes only what the device sends',
    async (name) => {
      const { world, plan: made } = await plan(name, 'spare-4')
      expect(made.effects).toEqual([])
      const valuesAt = (at: number) => world.values('spare-4', at)
      const sendings = [...Array(10).keys()].map((i) => {
        const at = made.truth.onset + HOUR + i * MINUTE
        return { sendAt: at, sample: { ts: at, values: valuesAt(at) } }
      })
      const context = { deviceId: 'spare-4', seed: 1, faults: made.faults, valuesAt }
      expect(sendings.flatMap((sending) => passThrough(sending, context))).not.toEqual(sendings)
    },
  )

  it.each([
    ['steam', 's-03', 'this needs a well of the primary network'],
    ['steam', 'spare-3', 'this needs a well of the primary network'],
    ['secondary-leak', 'spare-1', 'this needs a station'],
    ['steam', 'cover-j-002', 'no device at j-002 measures chamber_c'],
    ['cover-missing', 'v-01', 'this needs a well'],
    ['trunk-leak', 'spare-3', 'not a well, valve or station of the primary network'],
    ['steam', 'nowhere', 'no asset and no device is called nowhere'],
  ])('%s at %s is refused: %s', async (name, at, why) => {
    expect(await refusal(name, at)).toContain(why)
  })
})
