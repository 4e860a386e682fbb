import { describe, expect, it } from 'vitest'
import { routeReport } from '../../../server/flows/ticket/route-report.ts'
import { aRegistry } from '../../support/network-registry.ts'
import { aFile, anArea, aPipe, aSource, aWell, place } from '../../support/networks.ts'

const H = aSource('H', place(0, 0))
const A = aWell('A', place(500, 0))
const B = aWell('B', place(900, 0))
const DAY = 86_400_000

/** A trunk first; a day later its warranty, another trunk and an area are imported. */
async function twoVersions() {
  const { registry, clock } = await aRegistry()
  const first = clock.at
  await registry.import(aFile(H, A, aPipe('HA', H, A)), { by: 'engineer' })
  clock.at += DAY
  const area = anArea('area-1', place(2000, 0), place(3000, 900))
  const later = aFile(B, aPipe('HA', H, A, { warrantyUntil: '2028-01-01' }), aPipe('AB', A, B), area)
  await registry.import(later, { by: 'engineer' })
  return { registry, first }
}

describe('the route of a report', () => {
  it('follows the network in force at its instant', async () => {
    const { registry, first } = await twoVersions()
    const leak = { kind: 'primary_leak', assetId: 'HA' } as const
    expect(routeReport(registry, { ...leak, asOf: first })).toMatchObject({
      rule: 'primary_in_service',
      networkVersion: 1,
    })
    expect(routeReport(registry, { ...leak, asOf: first + DAY })).toMatchObject({
      rule: 'trunk_under_warranty',
      networkVersion: 2,
    })
  })
  it('asks today’s register for what was not yet registered', async () => {
    const { registry, first } = await twoVersions()
    const asOf = first + 1
    expect(routeReport(registry, { kind: 'cover', assetId: 'B', asOf })).toMatchObject({
      rule: 'primary_in_service',
      networkVersion: 2,
    })
    const home = { kind: 'not_hot', position: place(2500, 500) } as const
    expect(routeReport(registry, { ...home, asOf })).toMatchObject({
      departmentId: 'area-1',
      networkVersion: 2,
    })
  })
  it('leaves to the dispatcher what neither knows', async () => {
    const { registry, first } = await twoVersions()
    const nowhere = { kind: 'not_hot', position: place(9000, 9000), asOf: first } as const
    expect(routeReport(registry, nowhere)).toMatchObject({ rule: 'manual', networkVersion: 1 })
  })
})
