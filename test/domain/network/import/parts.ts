import type { Position } from '#contract/identity.ts'
import { checkNetworkFile } from '../../../../server/domain/network/import/prepare.ts'
import { aDevice, aFile, anArea, aPipe, aSource, aStation, aWell, place } from '../../../support/networks.ts'

/** A small good file and, unlike the builders, features that may be wrong in any way. */
export const H = aSource('H', place(0, 0), { supplyPressureMpa: 1.1, holdingPressureMpa: 0.3 })
export const A = aWell('A', place(500, 0), { devices: [aDevice('dev-a')] })
export const S = aStation('S', place(1000, 0), { nominalFlowTh: 60 })
export const HA = aPipe('HA', H, A, { diameterMm: 300 })
export const AS = aPipe('AS', A, S, { diameterMm: 200, class: 'branch' })
export const EAST = anArea('area-1', place(-500, -500), place(3000, 500))
export const GOOD = aFile(H, A, S, HA, AS, EAST)

export type Loose = Record<string, unknown>
const feature = (type: string, coordinates: unknown, properties: Loose) => ({
  type: 'Feature',
  geometry: { type, coordinates },
  properties,
})
export const well = (more: Loose = {}, coordinates: unknown = place(600, 0)) =>
  feature('Point', coordinates, { kind: 'well', id: 'X', name: '井', network: 'primary', ...more })
export const pipe = (more: Loose = {}, coordinates: unknown = [place(500, 0), place(1000, 0)]) =>
  feature('LineString', coordinates, {
    kind: 'pipe',
    id: 'X',
    from: 'A',
    to: 'S',
    network: 'primary',
    class: 'trunk',
    ...more,
  })
export const area = (ring: readonly Position[], more: Loose = {}) =>
  feature('Polygon', [ring], { kind: 'area', id: 'X', department: 'area-9', ...more })
export const ring = (...corners: (readonly [number, number])[]) => corners.map(([e, n]) => place(e, n))
export const SQUARE = ring([0, 0], [900, 0], [900, 900], [0, 900], [0, 0])

export const withFeature = (...more: unknown[]) => ({
  type: 'FeatureCollection',
  features: [...GOOD.features, ...more],
})

export function mistakesOf(raw: unknown) {
  const checked = checkNetworkFile(raw)
  return checked.kind === 'bad' ? checked.mistakes : []
}
export function warningsOf(raw: unknown) {
  const checked = checkNetworkFile(raw)
  if (checked.kind === 'bad') throw new Error(JSON.stringify(checked.mistakes))
  return checked.warnings.join('\n')
}
