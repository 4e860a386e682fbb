import { describe, expect, it } from 'vitest'
import {
  checkNetworkFile,
  prepareImport,
  readNetworkBytes,
} from '../../../../server/domain/network/import/prepare.ts'
import { aDevice, aFile, anArea, aPipe, aSource, aStation, aWell, place } from '../../../support/networks.ts'
import {
  A,
  area,
  AS,
  GOOD,
  H,
  HA,
  mistakesOf,
  pipe,
  S,
  SQUARE,
  warningsOf,
  well,
  withFeature,
} from './parts.ts'

describe('a good network file', () => {
  it('passes, without a warning when nothing is missing', () => {
    expect(checkNetworkFile(GOOD)).toMatchObject({ kind: 'good', warnings: [] })
  })
  it('may leave fields out as null, carry altitudes, and name CGCS2000', () => {
    const file = {
      ...withFeature(well({ onPipe: 'AS', address: null, devices: null }, [...place(600, 0), 1090])),
      crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4490' } },
    }
    const checked = checkNetworkFile(file)
    expect(checked).toMatchObject({ kind: 'good', warnings: [] })
    const x = checked.kind === 'good' && checked.file.features.find((f) => f.properties.id === 'X')
    expect(x).toEqual(well({ onPipe: 'AS' }))
  })
  it('may hand one area from one department to the next', () => {
    const parts = [area(SQUARE, { validTo: '2026-05-01' }), area(SQUARE, { validFrom: '2026-05-01' })]
    expect(mistakesOf(withFeature(...parts))).toEqual([])
  })
  it('ignores what it does not know, and says so', () => {
    const found = warningsOf(
      withFeature(well({ onPipe: 'AS', colour: 'red', devices: [{ ...aDevice('d'), maker: 'x' }] })),
    )
    expect(found).toContain('well.colour(1 处)')
    expect(found).toContain('well.maker(1 处)')
  })
})

describe('warnings say what will not be possible', () => {
  it('in Chinese and in English', () => {
    const prepared = prepareImport(
      aFile(A),
      { file: { type: 'FeatureCollection', features: [] }, departments: [] },
      { replace: true, at: 0 },
    )
    const answer = prepared.kind === 'good' ? prepared.answer : undefined
    expect(answer?.warnings[0]).toContain('没有热源')
    expect(answer?.warningsEn?.[0]).toContain('there is no heat source')
    expect(answer?.warningsEn).toHaveLength(answer?.warnings.length ?? 0)
  })

  it.each([
    ['no source', aFile(A, S, AS), '没有热源'],
    ['a source without pressures', aFile(aSource('H', place(0, 0)), A, HA), '热源 H 缺供水压力或定压压力'],
    ['pipes without diameter', aFile(H, A, aPipe('HA', H, A)), '管线 HA 缺管径'],
    ['a station without flow', aFile(H, A, aStation('S', place(1000, 0)), HA, AS), '换热站 S 缺额定流量'],
    [
      'an island',
      withFeature(
        aWell('I', place(0, 400)),
        aWell('J', place(0, 450)),
        aPipe('IJ', aWell('I', place(0, 400)), aWell('J', place(0, 450))),
      ),
      '不与热源连通',
    ],
    ['a loop', withFeature(aPipe('HS', H, S)), '一次网有 1 个环'],
    [
      'a pipe that ends far from its point',
      withFeature(pipe({}, [place(500, 0), place(1000, 300)])),
      '管线 X 的端部距其端点超过 200 米',
    ],
    [
      'a well far from its pipe',
      withFeature(well({ onPipe: 'AS' }, place(600, 300))),
      '热力井 X 距其所在管线超过 200 米',
    ],
    ['a well on no pipe', withFeature(well()), 'X 不在任何管线上'],
    ['a station outside every area', aFile(H, A, S, HA, AS), 'S 不(全)在任何责任区域内'],
    [
      'a station in two areas',
      withFeature(anArea('area-2', place(900, -500), place(1100, 500))),
      'S 同时在两个责任区域内',
    ],
    [
      'a warranty before commissioning',
      withFeature(well({ onPipe: 'AS', commissionedAt: '2026-02-02', warrantyUntil: '2026-02-01' })),
      '质保期止早于投运',
    ],
  ])('%s', (_name, raw, words) => {
    expect(warningsOf(raw)).toContain(words)
  })
})

describe('the bytes of a file', () => {
  const text = JSON.stringify(GOOD)
  it('may be UTF-8, with a byte order mark', () => {
    expect(readNetworkBytes(new TextEncoder().encode(`\uFEFF${text}`))).toEqual({ raw: JSON.parse(text) })
  })
  it('may be GB18030', () => {
    const bytes = new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xbe, 0xae, 0x22, 0x7d])
    expect(readNetworkBytes(bytes)).toEqual({ raw: { a: '井' } })
  })
  it.each([
    ['empty', new Uint8Array(0), '空'],
    ['no JSON', new TextEncoder().encode('{"type":'), 'JSON'],
    ['over 50 MB', new Uint8Array(50 * 1024 * 1024 + 1), '50 MB'],
  ])('%s is a mistake', (_name, bytes, words) => {
    const read = readNetworkBytes(bytes)
    expect('mistake' in read && read.mistake.message).toContain(words)
  })
})
