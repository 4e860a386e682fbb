import gcoord from 'gcoord'
import { describe, expect, it } from 'vitest'
import { checkNetworkFile, prepareImport } from '../../../../server/domain/network/import/prepare.ts'
import { aDevice, aFile, aWell, place } from '../../../support/networks.ts'
import { A, AS, EAST, GOOD, H, HA, mistakesOf, pipe, withFeature } from './parts.ts'

const { transform, WGS84, GCJ02 } = 'default' in gcoord ? gcoord.default : gcoord

describe('N24 coordinates of a web map', () => {
  it('pipes drawn on a GCJ-02 map over points in WGS 84', () => {
    const shifted = AS.geometry.coordinates.map(([lon, lat]) => transform([lon, lat], WGS84, GCJ02))
    expect(mistakesOf(withFeature(pipe({}, shifted)))[0]?.message).toContain('GCJ-02')
  })
  it('an import that moves a point exactly as GCJ-02 would', () => {
    const [lon = 0, lat = 0] = transform([...A.geometry.coordinates], WGS84, GCJ02)
    const standing = { file: GOOD, departments: [] }
    const moved = prepareImport(aFile(aWell('A', [lon, lat])), standing, { replace: false, at: 0 })
    expect(moved.kind === 'bad' && moved.mistakes[0]?.message).toContain('GCJ-02')
    expect(prepareImport(aFile(aWell('A', place(520, 400))), standing, { replace: false, at: 0 }).kind).toBe(
      'good',
    )
  })
})

describe('an import into a standing network', () => {
  const checked = checkNetworkFile(GOOD)
  if (checked.kind === 'bad') throw new Error('the good file is bad')
  const standing = { file: checked.file, departments: [] }
  it('adds and changes by id and leaves the rest', () => {
    const incoming = aFile(
      aWell('B', place(1200, 0)),
      aWell('A', place(500, 0), { name: '新名', devices: [aDevice('dev-a')] }),
      HA,
    )
    const prepared = prepareImport(incoming, standing, { replace: false, at: 0 })
    expect(prepared).toMatchObject({ kind: 'good', answer: { added: ['B'], changed: ['A'], removed: [] } })
    expect(prepared.kind === 'good' && prepared.file.features).toHaveLength(7)
  })
  it('changes nothing when the same file comes again', () => {
    const again: unknown = JSON.parse(JSON.stringify(GOOD))
    expect(prepareImport(again, standing, { replace: false, at: 0 })).toMatchObject({
      answer: { added: [], changed: [], removed: [] },
    })
  })
  it('with replace removes what the file lacks', () => {
    const prepared = prepareImport(aFile(H, A, HA, EAST), standing, { replace: true, at: 0 })
    expect(prepared).toMatchObject({ answer: { added: [], changed: [], removed: ['S', 'AS'] } })
  })
  it('refuses a removal that leaves a pipe without its end', () => {
    const prepared = prepareImport(aFile(H, HA), standing, { replace: true, at: 0 })
    expect(prepared.kind === 'bad' && prepared.mistakes).toMatchObject([
      { featureId: 'HA', path: '/properties/to' },
    ])
  })
})
