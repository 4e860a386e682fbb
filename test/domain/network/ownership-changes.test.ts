import { describe, expect, it } from 'vitest'
import { instantText, parseInstant } from '../../../server/domain/instant.ts'
import { assetOf } from '../../../server/domain/network/assets.ts'
import { ownershipChanges } from '../../../server/domain/network/ownership-changes.ts'
import { anArea, aNetwork, aPipe, aSource, aStation, aWell, place } from '../../support/networks.ts'

const H = aSource('H', place(0, 0))
const A = aWell('A', place(500, 0))
const S = aStation('S', place(900, 0))
const NET = aNetwork(
  ...[H, A, S],
  aPipe('HA', H, A, { underConstruction: true, commissionedAt: '2026-03-01', warrantyUntil: '2028-04-15' }),
  aPipe('AS', A, S, {
    class: 'branch',
    underConstruction: true,
    commissionedAt: '2026-03-01T08:00:00+08:00',
  }),
  anArea('area-1', place(800, -100), place(1000, 100), { validTo: '2026-05-01' }),
  anArea('area-2', place(800, -100), place(1000, 100), { validFrom: '2026-05-01' }),
)

function changesOf(id: string, from: string) {
  const [asset, at] = [assetOf(NET, id), parseInstant(from)]
  if (asset === undefined || at === undefined) throw new Error(id)
  return ownershipChanges(NET, asset, at).map((change) => `${instantText(change.at)} ${change.departmentId}`)
}

describe('changes of responsibility to come', () => {
  it.each([
    [
      'a trunk passes over when its warranty ends, not when it is commissioned',
      'HA',
      ['2028-04-15T00:00:00+08:00 network-ops'],
    ],
    ['a branch when it is commissioned', 'AS', ['2026-03-01T08:00:00+08:00 network-ops']],
    ['a station with its area', 'S', ['2026-05-01T00:00:00+08:00 area-2']],
    ['the heat source never', 'H', []],
  ])('%s', (_name, id, expected) => {
    expect(changesOf(id, '2026-01-15T00:00:00+08:00')).toEqual(expected)
  })
  it('are none once they have come', () => {
    expect(changesOf('AS', '2026-03-01T08:00:00+08:00')).toEqual([])
  })
})
