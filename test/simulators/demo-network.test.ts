import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { ID_PATTERN } from '#contract/identity.ts'
import type { PipeFeature, PointFeature } from '#contract/network.ts'
import { PROPERTIES_BY_KIND } from '#contract/network.ts'
import { createHydraulics } from '#hydraulics'
import { Errors } from 'typebox/value'
import { checkNetworkFile } from '../../server/domain/network/import/prepare.ts'
import { buildNetwork } from '../../server/domain/network/build.ts'
import { responsibilityOf } from '../../server/domain/network/ownership.ts'
import { demoNetwork } from '../../simulators/demo-network.ts'
import { networkShape } from '../../simulators/network-shape.ts'

const file = demoNetwork()
const points = file.features.filter((feature): feature is PointFeature => feature.geometry.type === 'Point')
const pipes = file.features.filter(
  (feature): feature is PipeFeature => feature.geometry.type === 'LineString',
)
const wells = points.flatMap(({ properties }) => (properties.kind === 'well' ? [properties] : []))
const stations = points.flatMap(({ properties }) => (properties.kind === 'station' ? [properties] : []))
const devices = points.flatMap(({ properties }) =>
  (properties.devices ?? []).map((device) => ({ device, asset: properties })),
)
const pipeOf = (id: string | undefined) => pipes.find((pipe) => pipe.properties.id === id)?.properties

describe('the demo network', () => {
  it('keeps the contract of the network file, feature by feature', () => {
    const mistakes = file.features.flatMap(({ properties }) => {
      const { id } = properties
      const mistakes = Errors(PROPERTIES_BY_KIND[properties.kind], properties)
      return mistakes.length === 0 ? [] : [[id, mistakes]]
    })
    expect(mistakes).toEqual([])
  })

  it('is the same for the same seed and another for another', () => {
    expect(JSON.stringify(demoNetwork(3))).toBe(JSON.stringify(demoNetwork(3)))
    expect(JSON.stringify(demoNetwork(4))).not.toBe(JSON.stringify(demoNetwork(3)))
  })

  it('has a source, at least 40 stations and 400 wells of each class, and three areas', () => {
    expect(points.filter(({ properties }) => properties.kind === 'source')).toHaveLength(1)
    expect(stations.length).toBeGreaterThanOrEqual(40)
    expect(wells.length).toBeGreaterThanOrEqual(400)
    const classes = wells.map((well) => `${well.network} ${pipeOf(well.onPipe)?.class ?? ''}`)
    for (const kind of ['primary trunk', 'primary branch', 'secondary trunk', 'secondary branch']) {
      expect(classes.filter((name) => name === kind).length, kind).toBeGreaterThan(50)
    }
    const departments = file.features.flatMap(({ properties }) =>
      properties.kind === 'area' ? [properties.department] : [],
    )
    expect(departments).toEqual(['area-1', 'area-2', 'area-3'])
  })

  it('has unique ids, and every pipe ends at points that are there', () => {
    const ids = file.features.map(({ properties }) => properties.id ?? '')
    expect(new Set(ids).size).toBe(ids.length)
    const pointIds = new Set(points.map(({ properties }) => properties.id))
    const loose = pipes.filter(({ properties: { from, to } }) => !pointIds.has(from) || !pointIds.has(to))
    expect(loose).toEqual([])
  })

  it('draws a pipe from one of its points to the other', () => {
    const positions = new Map(points.map(({ properties, geometry }) => [properties.id, geometry.coordinates]))
    for (const { geometry, properties } of pipes) {
      expect(geometry.coordinates[0], properties.id).toEqual(positions.get(properties.from))
      expect(geometry.coordinates.at(-1), properties.id).toEqual(positions.get(properties.to))
      expect(properties.lengthM).toBeGreaterThan(5)
    }
  })

  it('gives every well and station a street address, and no two stations a name', () => {
    expect(points.filter(({ properties }) => !/(街|路)\d+号$|路口$/.test(properties.address ?? ''))).toEqual(
      [],
    )
    expect(new Set(stations.map(({ name }) => name)).size).toBe(stations.length)
  })

  it('has a trunk in warranty, one under construction, and stations run by third parties', () => {
    const trunks = pipes.filter(
      ({ properties }) => properties.class === 'trunk' && properties.network === 'primary',
    )
    expect(trunks.some(({ properties }) => (properties.warrantyUntil ?? '') > '2030')).toBe(true)
    expect(trunks.some(({ properties }) => properties.underConstruction === true)).toBe(true)
    expect(stations.filter(({ managedBy }) => managedBy?.endsWith('物业') === true).length).toBeGreaterThan(2)
  })

  it('has about 450 devices with ids that are safe in a topic', () => {
    expect(devices.length).toBeGreaterThan(400)
    expect(devices.length).toBeLessThan(520)
    const ids = devices.map(({ device }) => device.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !ID_PATTERN.test(id))).toEqual([])
  })

  it.each([
    ['spare-1', 'primary', 'trunk'],
    ['spare-2', 'primary', 'branch'],
    ['spare-3', 'secondary', undefined],
  ])('%s stands alone at a well of a %s %s in service and out of warranty', (id, network, pipeClass) => {
    const asset = devices.find(({ device }) => device.id === id)?.asset
    if (asset?.kind !== 'well') throw new Error(`${id} is not at a well`)
    expect(asset.devices).toHaveLength(1)
    expect(asset.devices?.[0]).toMatchObject({ power: 'battery', intervalS: 86_400 })
    expect(asset.network).toBe(network)
    expect(asset.underConstruction).toBeUndefined()
    expect(asset.warrantyUntil ?? '').not.toMatch(/^20[3-9]/)
    expect(asset.managedBy).toBeUndefined()
    if (pipeClass !== undefined) expect(pipeOf(asset.onPipe)?.class).toBe(pipeClass)
  })

  it('spare-4 stands alone at a station of our own', () => {
    const asset = devices.find(({ device }) => device.id === 'spare-4')?.asset
    expect(asset).toMatchObject({ kind: 'station' })
    expect(asset?.managedBy).toBeUndefined()
    expect(asset?.devices).toHaveLength(1)
  })

  it('circulates with pressures in the usual range at every station', async () => {
    const model = await createHydraulics(networkShape(file))
    if (isRefusal(model)) throw new Error(model.detail)
    const closed = new Set(
      points.flatMap(({ properties }) =>
        properties.kind === 'valve' && properties.normallyOpen === false ? [properties.id] : [],
      ),
    )
    const state = model.solve({ stationFlowTh: new Map(), closed })
    for (const { id } of stations) {
      expect(state.pressureMpa(id, 'supply'), id).toBeGreaterThan(0.75)
      expect(state.pressureMpa(id, 'supply'), id).toBeLessThan(1.4)
      expect(state.pressureMpa(id, 'return'), id).toBeGreaterThan(0.3)
      expect(state.pressureMpa(id, 'return'), id).toBeLessThan(0.65)
    }
    expect(state.makeupTh).toBeCloseTo(0, 1)
  })
})

describe('the demo network, imported', () => {
  const network = buildNetwork(file, 1)
  const at = Date.parse('2026-01-15T22:50:00+08:00')

  it('passes the import without a mistake, with no warning but of its rings', () => {
    expect(checkNetworkFile(JSON.parse(JSON.stringify(file)))).toMatchObject({
      kind: 'good',
      warnings: [expect.stringContaining('环')],
    })
  })

  it.each([
    ['spare-1', 'primary_in_service'],
    ['spare-2', 'primary_in_service'],
    ['spare-3', 'secondary_side'],
    ['spare-4', 'station'],
  ])('a fault at %s goes by rule %s', (deviceId, rule) => {
    const assetId = network.devices.get(deviceId)?.assetId ?? ''
    const asset = network.points.get(assetId)
    if (asset === undefined) throw new Error(deviceId)
    expect(responsibilityOf(network, asset, at).rule).toBe(rule)
  })

  it('has a department for every station and secondary well', () => {
    const lost = [...network.points.values()].filter(
      (asset) =>
        (asset.kind === 'station' || asset.network === 'secondary') &&
        !responsibilityOf(network, asset, at).departmentId.startsWith('area-'),
    )
    expect(lost.map(({ id }) => id)).toEqual([])
  })
})
