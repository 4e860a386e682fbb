import { describe, expect, it } from 'vitest'
import { watching, type BlindnessOf } from '../../../server/domain/coverage/blind-spots.ts'
import { blindSince, subjectsOf } from '../../../server/domain/coverage/subjects.ts'
import { aDevice, aNetwork, aPipe, aSource, aStation, aWell, place } from '../../support/networks.ts'

const gauge = (id: string) => aDevice(id, { signals: ['pressure_mpa', 'battery_v'] })
const source = aSource('src', place(0, 0), {
  devices: [aDevice('meter', { signals: ['makeup_flow_t_h', 'primary_supply_mpa'] })],
})
const wells = Array.from({ length: 12 }, (_, n) =>
  aWell(`w${String(n + 1)}`, place(100 * (n + 1), 0), {
    devices: n === 8 ? [gauge('g9')] : n === 11 ? [aDevice('lid12'), aDevice('spare12')] : [],
  }),
)
const station = aStation('s1', place(1300, 0), {
  devices: [aDevice('st', { signals: ['secondary_supply_mpa', 'primary_supply_mpa'] })],
})
const line = [source, ...wells, station]
const pipes = line.slice(1).map((to, n) => aPipe(`p${String(n + 1)}`, line[n] ?? source, to))
const network = aNetwork(...line, ...pipes)

/** These devices fell away at these instants, in all their signals. */
const down =
  (devices: Readonly<Record<string, number>>): BlindnessOf =>
  ({ id }) => {
    const since = devices[id]
    return since === undefined ? undefined : { since, why: 'silence' }
  }
const spotsWith = (devices: Readonly<Record<string, number>>) => watching(network, down(devices)).spots

describe('blind spots', () => {
  it('are none while every device works, and the coverage is whole', () => {
    const { spots, coverage } = watching(network, down({}))
    expect(spots).toEqual([])
    expect(coverage).toEqual([
      { subject: 'cover', installed: 1, working: 1 },
      { subject: 'station', installed: 1, working: 1 },
      { subject: 'loss', installed: 1, working: 1 },
      { subject: 'leak', installed: 1200, working: 1200 },
    ])
  })

  it('a place with two devices is watched by the one that is left', () => {
    expect(spotsWith({ lid12: 5 })).toEqual([])
    expect(spotsWith({ lid12: 5, spare12: 9 })).toEqual([
      {
        subject: 'cover',
        assetIds: ['w12'],
        pipeIds: [],
        deviceIds: ['lid12', 'spare12'],
        since: 9,
        reasons: [
          { deviceId: 'lid12', signal: 'cover_open', since: 5, why: 'silence' },
          { deviceId: 'lid12', signal: 'cover_tilt_deg', since: 5, why: 'silence' },
          { deviceId: 'spare12', signal: 'cover_open', since: 9, why: 'silence' },
          { deviceId: 'spare12', signal: 'cover_tilt_deg', since: 9, why: 'silence' },
        ],
      },
    ])
  })

  it('a lost gauge leaves the pipes that no other one reaches within three hops', () => {
    // The source reaches w1 … w3, the station w10 … w12, w9 w6 … w12; nobody had promised to watch p5.
    const [spot, ...others] = spotsWith({ g9: 7 })
    expect(others).toEqual([])
    expect(spot).toMatchObject({ subject: 'leak', assetIds: ['w9'], deviceIds: ['g9'], since: 7 })
    expect(spot?.pipeIds).toEqual(['p6', 'p7', 'p8', 'p9'])
    const leak = watching(network, down({ g9: 7 })).coverage.find(({ subject }) => subject === 'leak')
    expect(leak).toEqual({ subject: 'leak', installed: 1200, working: 800 })
  })

  it('lost gauges far from each other leave a stretch each', () => {
    const spots = spotsWith({ meter: 1, g9: 2, st: 3 }).filter(({ subject }) => subject === 'leak')
    expect(spots.map(({ deviceIds }) => deviceIds)).toEqual([['meter'], ['g9', 'st']])
    expect(spots.map(({ pipeIds }) => pipeIds.length)).toEqual([4, 8])
    // Its neighbour sees what the station's own gauge saw.
    expect(spotsWith({ st: 3 }).map(({ subject }) => subject)).toEqual(['station'])
    expect(spotsWith({ meter: 1 }).map(({ subject }) => subject)).toEqual(['loss', 'leak'])
  })

  it('a device that never spoke is one since ever', () => {
    expect(spotsWith({ lid12: 0, spare12: 0 })[0]?.since).toBe(0)
  })
})

describe('what a device can be believed in', () => {
  const faults = [
    { fault: 'battery' as const, eventAt: 1 },
    { fault: 'stuck' as const, signal: 'pressure_mpa', eventAt: 9 },
    { fault: 'drift' as const, signal: 'pressure_mpa', eventAt: 4 },
  ]

  it('is everything with a weak battery, and all but the faulty signal', () => {
    expect(blindSince(faults, 'pressure_mpa')).toEqual({ since: 4, why: 'drift' })
    expect(blindSince(faults, 'temperature_c')).toBeUndefined()
    expect(blindSince([{ fault: 'silence', eventAt: 3 }], 'temperature_c')).toEqual({
      since: 3,
      why: 'silence',
    })
  })

  it('is by where it stands', () => {
    const signals = ['makeup_flow_t_h', 'secondary_supply_mpa', 'pressure_mpa', 'rssi_dbm']
    const of = (kind: 'source' | 'station' | 'well', level: 'primary' | 'secondary') =>
      subjectsOf({ kind, network: level }, signals).map(({ subject }) => subject)
    expect(of('source', 'primary')).toEqual(['loss', 'leak'])
    expect(of('station', 'primary')).toEqual(['station', 'leak'])
    expect(of('well', 'secondary')).toEqual([])
  })
})
