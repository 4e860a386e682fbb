import { describe, expect, it } from 'vitest'
import {
  stationDemand,
  unevenDemand,
  unevenKpa,
  unevenSlope,
  usualDemand,
} from '../../../../server/domain/detection/spatial/station-demand.ts'
import { leakResponses } from '../../../../server/domain/detection/spatial/responses.ts'
import { NO_VALUE } from '../../../../server/domain/detection/core/zone-state.ts'
import { buildNetwork } from '../../../../server/domain/network/build.ts'
import { aLoopedTown } from '../../../support/looped-town.ts'

const TOWN = aLoopedTown()
for (const { properties } of TOWN.features) {
  if (properties.kind !== 'station' || !['s1-0', 's5-4'].includes(properties.id)) continue
  for (const device of properties.devices ?? []) device.signals = [...device.signals, 'primary_flow_t_h']
}
const [RESPONSE] = [...leakResponses(buildNetwork(TOWN, 1)).values()]
if (RESPONSE?.nominalTh === undefined) throw new Error('the town has no flow')
const { metered, nominalTh } = RESPONSE
const [first, second] = metered
const near = RESPONSE.sensors.findIndex((one) => one.assetId === 's5-4' && one.side === 'supply')
const back = RESPONSE.sensors.findIndex((one) => one.assetId === 's5-4' && one.side === 'return')

describe('stations whose flow is measured', () => {
  it('are known with what they do to each sensor', () => {
    expect(metered.map(({ stationId }) => stationId)).toEqual(['s1-0', 's5-4'])
    const one = Float64Array.from([0, 10])
    expect(unevenKpa(RESPONSE, near, one)).toBeLessThan(-0.5)
    expect(unevenKpa(RESPONSE, back, one)).toBeCloseTo(-unevenKpa(RESPONSE, near, one), 5)
  })

  const draws = metered.map(({ deviceId, nominalTh: own }) => ({ deviceId, share: own / nominalTh }))
  const use = stationDemand({ draws }, RESPONSE)
  if (use === undefined) throw new Error('the meters are not used')

  it('are compared with their part of the whole flow', () => {
    const at = (flowTh: number | undefined, ...drawTh: number[]) => [
      ...unevenDemand(use, { flowTh, nominalTh }, Float64Array.from(drawTh)),
    ]
    const [a, b] = [first?.nominalTh ?? 0, second?.nominalTh ?? 0]
    expect(at(nominalTh, a + 3, Number.NaN)).toEqual([3, 0])
    // At half the flow a ton more or less moves the pressures half as much.
    const half = at(nominalTh / 2, a / 2, b / 2 - 2)
    expect(half[0]).toBeCloseTo(0)
    expect(half[1]).toBeCloseTo(-1)
    // A meter that has lost its unit is not followed, and without the whole flow nothing is.
    expect(at(nominalTh, 1000 * a, b)[0]).toBeCloseTo(a / 2)
    expect(at(undefined, a + 3, b)).toEqual([0, 0])
    expect(stationDemand({}, RESPONSE)).toBeUndefined()
  })

  it('are used once they have spoken in most hours', () => {
    const ids = metered.map(({ deviceId }) => deviceId)
    const flow = Array.from({ length: 10 }, () => 400)
    const history = {
      hours: flow.map((_, n) => n),
      x: { flow },
      y: {},
      draws: {
        [ids[0] ?? '']: flow.map((_, n) => (n < 3 ? NO_VALUE : 30)),
        [ids[1] ?? '']: flow.map((_, n) => (n < 5 ? NO_VALUE : 30)),
      },
    }
    expect(usualDemand(history, RESPONSE)).toEqual([{ deviceId: ids[0], share: 0.075 }])
    expect(usualDemand({ ...history, draws: {} }, RESPONSE)).toEqual([])
  })

  it('take what they take while a leak adds to the whole flow', () => {
    const own = Float64Array.from(metered, (one) => one.nominalTh)
    const kpaAt = (flowTh: number) => unevenKpa(RESPONSE, near, unevenDemand(use, { flowTh, nominalTh }, own))
    const slope = unevenKpa(RESPONSE, near, unevenSlope(use, nominalTh, nominalTh))
    expect(slope).toBeCloseTo(kpaAt(nominalTh + 0.5) - kpaAt(nominalTh - 0.5), 3)
  })
})
