import { describe, expect, it } from 'vitest'
import type { Evidence } from '#contract/incident.ts'
import type { DeviceFault, IncidentState, TicketKind } from '#contract/vocabulary.ts'
import { instantText } from '../../server/domain/instant.ts'
import type { BacktestChange } from '../../server/flows/backtest/incidents.ts'
import type { LabEvent, Scenario } from '../../simulators/laboratory/scenario.ts'
import { createSeason } from '../../simulators/laboratory/season.ts'
import { HOUR, MINUTE } from '../../simulators/time.ts'
import { judge } from './judge.ts'
import type { Outcome } from './outcome.ts'

const FROM = Date.parse('2025-11-03T00:00:00+08:00')
const COUNTED = {
  days: 3,
  wells: 60,
  pressureSensors: 20,
  covers: 30,
  devices: 50,
  readings: 1,
  detectorMs: 1,
}

function evidence(rule: string, more: Partial<Evidence> = {}): Evidence {
  return {
    rule,
    sentence: { zh: `${rule} 说`, en: `${rule} says` },
    statistic: 'z',
    value: 9,
    threshold: 5,
    observed: 1,
    windowS: 60,
    assets: ['w001'],
    model: 'm',
    rejected: [],
    ...more,
  }
}

interface Said {
  readonly h: number
  readonly rules: readonly string[]
  readonly assetIds?: readonly string[]
  readonly id?: string
  readonly state?: IncidentState
  readonly candidates?: readonly string[]
  readonly sensor?: string
}

const KINDS: Readonly<Record<string, TicketKind>> = {
  cover: 'cover',
  well: 'well_vent',
  leak: 'primary_leak',
  station: 'hes_secondary',
}

/** A change per saying: the first of an incident opens it. */
function changes(...said: readonly Said[]): BacktestChange[] {
  const opened = new Set<string>()
  return said.map(({ h, rules, assetIds = [], id = 'i', state = 'suspected', candidates = [], sensor }) => {
    const type = opened.has(id) ? 'updated' : 'opened'
    opened.add(id)
    const sensors =
      sensor === undefined
        ? {}
        : { sensors: [{ deviceId: sensor, signal: 'pressure_mpa', assetId: 'x', share: 1 }] }
    return {
      at: instantText(FROM + h * HOUR),
      type,
      incident: {
        id,
        kind: KINDS[rules.at(-1)?.split('.')[0] ?? ''] ?? 'cover',
        state,
        confidence: 1,
        assetIds,
        located: false,
        candidates: candidates.map((assetId) => ({ assetId, share: 0.5 })),
        evidence: rules.map((rule) => evidence(rule, sensors)),
      },
    } as BacktestChange
  })
}

function named(h: number, id: string, fault: DeviceFault): BacktestChange {
  return {
    at: instantText(FROM + h * HOUR),
    type: 'device',
    device: { id, fault, evidence: evidence('quality') },
  }
}

async function judged(events: readonly LabEvent[], said: readonly BacktestChange[]): Promise<Outcome> {
  const scenario: Scenario = {
    id: 't',
    topology: { wells: 60, seed: 3 },
    from: instantText(FROM),
    days: 3,
    seed: 7,
    events,
  }
  const season = await createSeason(scenario)
  return judge('t', {
    season,
    changes: said,
    coverEvents: new Map([['cover-w001', [FROM + 10.01 * HOUR]]]),
    counted: COUNTED,
  })
}

const leak: LabEvent = { kind: 'leak', at: 'w001', side: 'supply', th: 60, startH: 10, hours: 40 }
const cover: LabEvent = {
  kind: 'cover',
  at: 'w001',
  state: 'open',
  tiltDeg: 80,
  says: 'event',
  startH: 10,
  hours: 4,
}
const fault: LabEvent = {
  kind: 'fault',
  device: 'pressure-w001',
  signal: 'pressure_mpa',
  fault: 'drift',
  size: 0.002,
  startH: 10,
  hours: 20,
}

describe('an event counts as found', () => {
  it.each<[string, LabEvent, readonly Said[], number | undefined]>([
    ['by an incident of its kind after the onset', leak, [{ h: 11, rules: ['leak.makeup'] }], 60],
    ['not by one that opened before', leak, [{ h: 9, rules: ['leak.makeup'] }], undefined],
    ['not after a day', leak, [{ h: 34.1, rules: ['leak.makeup'] }], undefined],
    ['not after its end', cover, [{ h: 14.1, rules: ['cover.open'], assetIds: ['w001'] }], undefined],
    ['not by another kind', leak, [{ h: 11, rules: ['well.steam'], assetIds: ['w001'] }], undefined],
    ['not at another well', cover, [{ h: 11, rules: ['cover.open'], assetIds: ['w002'] }], undefined],
    [
      'by further evidence of an incident that was open before',
      cover,
      [
        { h: 8, rules: ['well.steam'], assetIds: ['w001'] },
        { h: 10.5, rules: ['well.steam', 'cover.open'], assetIds: ['w001'] },
      ],
      30,
    ],
    [
      'not by new words for what was said before',
      leak,
      [
        { h: 8, rules: ['leak.makeup'] },
        { h: 11, rules: ['leak.makeup'] },
      ],
      undefined,
    ],
    [
      'by an incident that was over and is raised again',
      leak,
      [
        { h: 8, rules: ['leak.makeup'] },
        { h: 9, rules: ['leak.makeup'], state: 'cleared' },
        { h: 12, rules: ['leak.makeup'], state: 'suspected' },
      ],
      120,
    ],
  ])('%s', async (_, event, said, afterMin) => {
    const { events } = await judged([event], changes(...said))
    const found = events[0]?.foundAfterMin
    expect(found === undefined ? undefined : Math.round(found)).toBe(afterMin)
  })

  it('once a saying: two leaks at a time need two', async () => {
    const other: LabEvent = { ...leak, at: 'w002', startH: 10.5 }
    const { events } = await judged([leak, other], changes({ h: 11, rules: ['leak.makeup'] }))
    expect(events.map(({ foundAfterMin }) => foundAfterMin !== undefined)).toEqual([true, false])
  })

  it('with the seconds since the message of a device that decides itself', async () => {
    const { events } = await judged(
      [cover],
      changes({ h: 10.0102, rules: ['cover.open'], assetIds: ['w001'] }),
    )
    expect(events[0]?.afterMessageS).toBeCloseTo(0.72, 1)
  })
})

describe('where a leak was looked for', () => {
  it('is the last list before a day was over', async () => {
    const { events } = await judged(
      [leak],
      changes(
        { h: 11, rules: ['leak.makeup'] },
        { h: 12, rules: ['leak.makeup'], candidates: ['w030'] },
        { h: 13, rules: ['leak.makeup'], candidates: ['w002', 'w001'] },
        { h: 36, rules: ['leak.makeup'], candidates: ['w030'] },
      ),
    )
    expect(events[0]?.location).toEqual({ listed: true, hops: 1 })
  })

  it('of a hole at a station is the well that it hangs on', async () => {
    const at = 's001'
    const { file } = await createSeason({
      id: 't',
      topology: { wells: 60, seed: 3 },
      from: instantText(FROM),
      days: 1,
      seed: 1,
      events: [],
    })
    const lateral = file.features.find(({ properties }) => properties.kind === 'pipe' && properties.to === at)
    const well = lateral?.properties.kind === 'pipe' ? lateral.properties.from : ''
    const { events } = await judged(
      [{ ...leak, at }],
      changes({ h: 11, rules: ['leak.spatial'], candidates: [well] }),
    )
    expect(events[0]?.location).toEqual({ listed: true, hops: 0 })
  })
})

describe('an incident counts as true', () => {
  it.each<[string, LabEvent, Said, boolean]>([
    ['while its event lasts', leak, { h: 20, rules: ['leak.makeup'] }, true],
    ['shortly after', leak, { h: 51.5, rules: ['leak.makeup'] }, true],
    ['not long after', leak, { h: 53, rules: ['leak.makeup'] }, false],
    [
      'of lost water while a chamber fills',
      { kind: 'well-leak', at: 'w001', th: 2, startH: 10, hours: 3 },
      { h: 11, rules: ['leak.makeup'] },
      true,
    ],
    [
      'not beside a filling',
      { kind: 'filling', size: 20, startH: 10, hours: 3 },
      { h: 11, rules: ['leak.makeup'] },
      false,
    ],
    [
      'not beside a vehicle',
      { kind: 'truck', at: 'w001', tiltDeg: 30, startH: 10, hours: 0.02 },
      { h: 10.01, rules: ['cover.displaced'], assetIds: ['w001'] },
      false,
    ],
  ])('%s', async (_, event, said, right) => {
    const { incidents } = await judged([event], changes(said))
    expect(incidents.map((one) => one.true)).toEqual([right])
    if (!right && said.h < 24) expect(incidents[0]?.beside).toBe(event.kind)
  })

  it('and its evidence whole only when every part is there', async () => {
    const [whole] = changes({ h: 11, rules: ['leak.makeup'] })
    const { incidents } = await judged([leak], whole === undefined ? [] : [whole])
    expect(incidents[0]?.evidenceWhole).toBe(true)
    const [poor] = changes({ h: 11, rules: ['leak.makeup'] })
    if (poor === undefined || !('incident' in poor)) throw new Error('no incident')
    const { windowS, ...lacking } = evidence('leak.makeup')
    expect(windowS).toBe(60)
    const short = { ...poor, incident: { ...poor.incident, evidence: [lacking] } }
    expect((await judged([leak], [short])).incidents[0]?.evidenceWhole).toBe(false)
  })
})

describe('a sensor fault', () => {
  it.each<[string, readonly BacktestChange[], Partial<Outcome['events'][number]>]>([
    ['is named', [named(12, 'pressure-w001', 'drift')], { foundAfterMin: 120 }],
    ['is called something else', [named(12, 'pressure-w001', 'stuck')], { calledInstead: 'stuck' }],
    ['is named too late', [named(22.1, 'pressure-w001', 'drift')], {}],
    ['is another sensor’s', [named(12, 'pressure-w002', 'drift')], {}],
  ])('%s', async (_, said, expected) => {
    const { events } = await judged([fault], said)
    const { foundAfterMin, calledInstead } = events[0] ?? {}
    expect({ foundAfterMin, calledInstead }).toEqual({
      foundAfterMin: undefined,
      calledInstead: undefined,
      ...expected,
    })
  })

  it('is taken for a leak when a false one rests on it', async () => {
    const resting = changes({ h: 12, rules: ['leak.pressure'], sensor: 'pressure-w001' })
    expect((await judged([fault], resting)).events[0]).toMatchObject({ takenForLeak: true, alone: true })
    const elsewhere = changes({ h: 12, rules: ['leak.pressure'], sensor: 'pressure-w009' })
    expect((await judged([fault], elsewhere)).events[0]).toMatchObject({ takenForLeak: false })
    expect((await judged([fault, leak], resting)).events[0]).toMatchObject({
      takenForLeak: false,
      alone: false,
    })
  })

  it('may be named by a list of devices that went silent together', async () => {
    const silent: LabEvent = {
      kind: 'fault',
      device: 'chamber-w001',
      fault: 'silence',
      startH: 10,
      hours: 20,
    }
    const outage: BacktestChange = {
      at: instantText(FROM + 12 * HOUR + MINUTE),
      type: 'device',
      device: { id: 'x', fault: 'silence', deviceIds: ['x', 'chamber-w001'], evidence: evidence('silence') },
    }
    expect((await judged([silent], [outage])).events[0]?.foundAfterMin).toBe(121)
  })
})
