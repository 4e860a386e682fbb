import { beforeAll, describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { createHydraulics, type Hydraulics } from '#hydraulics'
import { detectionAccount } from '../../../../server/domain/detection/account.ts'
import { leakResponses } from '../../../../server/domain/detection/spatial/responses.ts'
import { DAY, HOUR, MINUTE, type Instant } from '../../../../server/domain/instant.ts'
import { buildNetwork } from '../../../../server/domain/network/build.ts'
import { networkShape } from '../../../../simulators/network-shape.ts'
import { time, Watched } from '../../../support/detection-world.ts'
import { aLoopedTown } from '../../../support/looped-town.ts'

/**
 * A looped town solved by EPANET every quarter hour, with loads that wander each for itself. Four quiet
 * days are told once; what then happens differs.
 */
const FILE = aLoopedTown()
const NETWORK = buildNetwork(FILE, 1)
const RESPONSES = leakResponses(NETWORK)
const START = time('00:00:00', '2026-01-10')
const QUIET_UNTIL = START + 4 * DAY
const QUARTER = 15 * MINUTE

function noise(name: string, at: Instant): number {
  let hash = 2166136261
  for (const char of `${name} ${at}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619)
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507)
  return (((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32) * 2 - 1
}

/** Wanders between −1 and 1 over some hours. */
function wander(name: string, at: Instant): number {
  const hours = at / (5 * HOUR)
  const [low, part] = [Math.floor(hours), hours % 1]
  return noise(name, low) * (1 - part) + noise(name, low + 1) * part
}

/** The solver starts where it stood, so that its last digits depend on what was solved before. */
const rounded = (value: number): number => Math.round(value * 1e5) / 1e5

interface Happening {
  readonly leak?: { readonly at: string; readonly side: 'supply' | 'return'; readonly th: number }
  /** Off the truth [kPa], by sensor. */
  readonly off?: (key: string, at: Instant) => number
  /** Assets whose supply sensors answer for each other. */
  readonly swapped?: readonly [string, string]
}

let model: Hydraulics
let quiet: string

function tell(world: Watched, from: Instant, to: Instant, { leak, off, swapped }: Happening = {}): void {
  const stations = [...NETWORK.points.values()].filter(({ kind }) => kind === 'station')
  for (let at = from; at < to; at += QUARTER) {
    const course = 1 + 0.1 * Math.sin((2 * Math.PI * at) / DAY)
    const stationFlowTh = new Map(
      stations.map(({ id }) => [id, 30 * course * (1 + 0.04 * wander(id, at))] as const),
    )
    // A hole of 9.81 mm loses 7 t/h at 0.65 MPa.
    const holes = leak === undefined ? [] : [{ pointId: leak.at, side: leak.side, holeMm: leak.th }]
    const state = model.solve({ stationFlowTh, leaks: holes })
    const seen = (id: string, side: 'supply' | 'return', key: string): number =>
      rounded((state.pressureMpa(id, side) ?? 0) + noise(key, at) * 0.0008 + (off?.(key, at) ?? 0) / 1000)
    for (const { id: deviceId, assetId, signals } of NETWORK.devices.values()) {
      if (assetId === 'source') continue
      const values = signals.map((signal) => {
        const side = signal === 'primary_return_mpa' ? 'return' : 'supply'
        const other = swapped?.includes(assetId) === true ? swapped.find((id) => id !== assetId) : undefined
        return [signal, seen(other ?? assetId, side, `${deviceId} ${signal}`)] as const
      })
      world.say(deviceId, at + MINUTE, Object.fromEntries(values))
    }
    world.say('d-source', at + 2 * MINUTE, {
      primary_supply_mpa: rounded(state.pressureMpa('source', 'supply') ?? 0),
      primary_return_mpa: rounded(state.pressureMpa('source', 'return') ?? 0),
      primary_flow_t_h: rounded(state.circulationTh),
      outdoor_c: -5,
      makeup_flow_t_h: rounded(8 + state.makeupTh + noise('makeup', at)),
    })
  }
}

function afterQuietDays(): Watched {
  const world = new Watched({ network: NETWORK, responses: RESPONSES })
  world.state = JSON.parse(quiet)
  return world
}

beforeAll(async () => {
  const made = await createHydraulics(networkShape(FILE))
  if (isRefusal(made)) throw new Error(made.detail)
  model = made
  const world = new Watched({ network: NETWORK, responses: RESPONSES })
  tell(world, START, QUIET_UNTIL)
  expect(world.findings).toEqual([])
  quiet = JSON.stringify(world.state)
})

describe('all pressures of a network at once', () => {
  it.each([
    ['w5-4', 'supply', 30, 2],
    ['w3-2', 'return', 40, 0],
  ] as const)('locate a leak at %s on the %s side among ten wells', (at, side, th, logOdds) => {
    const world = afterQuietDays()
    tell(world, QUIET_UNTIL, QUIET_UNTIL + 4 * HOUR, { leak: { at, side, th } })
    const found = world.emergencies.find(({ rule }) => rule === 'leak.spatial')
    expect(found).toMatchObject({ ticketKind: 'primary_leak', located: true, logOdds })
    expect((found?.at ?? Infinity) - QUIET_UNTIL).toBeLessThanOrEqual(2 * HOUR)
    expect(found?.candidates.length).toBeLessThanOrEqual(10)
    const listed = found?.candidates.reduce((sum, { share }) => sum + share, 0)
    expect(listed).toBeGreaterThan(0.8)
    expect(listed).toBeLessThanOrEqual(1 + 1e-9)
    const last = world.emergencies.findLast(({ rule }) => rule === 'leak.spatial')
    expect(last?.logOdds).toBe(2)
    expect(last?.candidates.map(({ assetId }) => assetId)).toContain(at)
    expect(world.faults).toEqual([])
    expect(found?.evidence).toMatchObject({ statistic: 'glr', windowS: 3600, unit: 'kPa', model: 'rules-2' })
    expect(found?.evidence.rejected).toHaveLength(2)
  })

  it('and grow surer as it grows, under the same id', () => {
    const world = afterQuietDays()
    tell(world, QUIET_UNTIL, QUIET_UNTIL + 3 * HOUR, { leak: { at: 'w5-5', side: 'supply', th: 22 } })
    tell(world, QUIET_UNTIL + 3 * HOUR, QUIET_UNTIL + 6 * HOUR, {
      leak: { at: 'w5-5', side: 'supply', th: 40 },
    })
    const said = world.emergencies.filter(({ rule }) => rule === 'leak.spatial')
    expect(said.map(({ phase }) => phase).slice(0, 2)).toEqual(['raised', 'updated'])
    expect(new Set(said.map(({ id }) => id)).size).toBe(1)
    expect(said.at(-1)?.evidence.value).toBeGreaterThan(said[0]?.evidence.value ?? Infinity)
  })

  it('take their finding back when the leak is over', () => {
    const world = afterQuietDays()
    tell(world, QUIET_UNTIL, QUIET_UNTIL + 3 * HOUR, { leak: { at: 'w5-4', side: 'supply', th: 30 } })
    tell(world, QUIET_UNTIL + 3 * HOUR, QUIET_UNTIL + 7 * HOUR)
    expect(world.emergencies.at(-1)?.phase).toBe('cleared')
  })

  it('say nothing on a further quiet day', () => {
    const world = afterQuietDays()
    tell(world, QUIET_UNTIL, QUIET_UNTIL + DAY)
    expect(world.findings).toEqual([])
  })

  const W = 'd-w0-1 pressure_mpa'
  const S = 'd-s3-2 primary_supply_mpa'
  it.each([
    ['offset', [W], (key: string) => (key === W ? -15 : 0)],
    ['swapped', [S], (key: string) => (key === S ? -180 : 0)],
    ['drift', [S], (key: string, at: Instant) => (key === S ? (2 * (at - QUIET_UNTIL)) / HOUR : 0)],
  ] as const)('name one sensor’s %s as a fault of its own and no leak', (fault, keys, off) => {
    const world = afterQuietDays()
    tell(world, QUIET_UNTIL, QUIET_UNTIL + 12 * HOUR, { off })
    expect(world.emergencies).toEqual([])
    expect(world.faults.map((one) => [one.fault, `${one.deviceId} ${one.signal ?? ''}`])).toEqual(
      keys.map((key) => [fault, key]),
    )
    expect(world.faults[0]?.evidence.rejected?.[0]?.en).toContain('a leak')
  })

  it('know two sensors that were exchanged', () => {
    const world = afterQuietDays()
    tell(world, QUIET_UNTIL, QUIET_UNTIL + 6 * HOUR, { swapped: ['w0-1', 'w5-4'] })
    expect(world.emergencies).toEqual([])
    expect(world.faults.map((one) => [one.fault, one.deviceId])).toEqual(
      expect.arrayContaining([
        ['swapped', 'd-w0-1'],
        ['swapped', 'd-w5-4'],
      ]),
    )
  })

  it('replay to the letter from a state that went through JSON', () => {
    const leak = { at: 'w5-4', side: 'supply', th: 30 } as const
    const whole = afterQuietDays()
    tell(whole, QUIET_UNTIL, QUIET_UNTIL + 3 * HOUR, { leak })
    const parted = afterQuietDays()
    tell(parted, QUIET_UNTIL, QUIET_UNTIL + HOUR, { leak })
    parted.state = JSON.parse(JSON.stringify(parted.state))
    tell(parted, QUIET_UNTIL + HOUR, QUIET_UNTIL + 3 * HOUR, { leak })
    expect(parted.findings).toEqual(whole.findings)
    expect(JSON.stringify(parted.state)).toBe(JSON.stringify(whole.state))
  })

  it('account for thresholds and for what can be watched', () => {
    const { state, context } = afterQuietDays()
    const account = detectionAccount({ state, context })
    expect(account.limits.map(({ statistic }) => statistic)).toEqual(['makeup', 'leak', 'sensor'])
    expect(account.limits.every(({ threshold, least }) => threshold >= least)).toBe(true)
    expect(account.limits[0]).toMatchObject({ place: 'source', falseAlarmsPerSeason: 1 })
    expect(account.zones).toMatchObject([{ id: 'source', places: 36, limits: [] }])
    expect(account.zones[0]?.watched).toHaveLength(2)
  })
})
