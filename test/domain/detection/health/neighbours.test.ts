import { describe, expect, it } from 'vitest'
import { neighboursOf } from '../../../../server/domain/detection/health/neighbours.ts'
import { aDevice, aNetwork, aSource, aWell, place } from '../../../support/networks.ts'

const sensor = (n: number, signals = ['pressure_mpa']) => ({
  devices: [aDevice(`d${String(n)}`, { signals, intervalS: 60 })],
})
const wells = (count: number) =>
  Array.from({ length: count }, (_, n) => aWell(`w${String(n)}`, place(n * 100, 0), sensor(n)))

describe('neighbours of a sensor', () => {
  it('are all that measure the same where there are few', () => {
    const other = aWell('other', place(0, 50), sensor(99, ['chamber_c']))
    const network = aNetwork(aSource('s', place(-100, 0)), ...wells(5), other)
    expect(neighboursOf(network, 'd0', 'pressure_mpa')).toEqual(['d0', 'd1', 'd2', 'd3', 'd4'])
    expect(neighboursOf(network, 'd0', 'humidity_pct')).toEqual([])
  })

  it('are the fifty nearest in a large network, the nearest first', () => {
    const network = aNetwork(aSource('s', place(-100, 0)), ...wells(300))
    const found = neighboursOf(network, 'd200', 'pressure_mpa')
    expect(found).toHaveLength(51)
    expect(found[0]).toBe('d200')
    expect(new Set(found.slice(1, 3))).toEqual(new Set(['d199', 'd201']))
    expect(new Set(found)).toEqual(new Set(Array.from({ length: 51 }, (_, n) => `d${String(175 + n)}`)))
  })

  it('lie all around', () => {
    const grid = Array.from({ length: 400 }, (_, n) =>
      aWell(`w${String(n)}`, place((n % 20) * 100, Math.floor(n / 20) * 100), sensor(n)),
    )
    const network = aNetwork(aSource('s', place(-100, 0)), ...grid)
    const around = [189, 190, 191, 209, 210, 211, 229, 230, 231].map((n) => `d${String(n)}`)
    expect(neighboursOf(network, 'd210', 'pressure_mpa').slice(0, 9).sort()).toEqual(around)
  })

  it('are of the same network and zone', () => {
    const far = wells(60).map((well) => ({ ...well, properties: { ...well.properties, zone: 'b' } }))
    const near = Array.from({ length: 3 }, (_, n) =>
      aWell(`n${String(n)}`, place(n * 10, 5), { ...sensor(100 + n), zone: 'a' }),
    )
    const network = aNetwork(aSource('s', place(-100, 0)), ...far, ...near)
    expect(neighboursOf(network, 'd100', 'pressure_mpa')).toEqual(['d100', 'd101', 'd102'])
  })
})
