import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync, strToU8 } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { ImportGroup } from '#contract/import-mistake.ts'
import type { FilesAnswer } from '#contract/network-mapping.ts'
import { isRefusal, type Refusal } from '#contract/problem.ts'
import { deliveryThread } from '../../server/formats/delivery-thread.ts'
import { importDelivery } from '../../server/flows/network/import-delivery.ts'
import type { DeliveryOrder } from '../../server/flows/network/read-delivery.ts'
import { distanceM } from '../../server/domain/network/geometry.ts'
import { aRegistry } from '../support/network-registry.ts'

/** Files that GDAL 3.10 wrote: wells and pipes of one street, pipes without ends, one area. */
const file = (name: string, as = name) => ({
  name: as,
  bytes: readFileSync(new URL(`files/${name}`, import.meta.url)),
})
const text = (name: string, content: string) => ({ name, bytes: new TextEncoder().encode(content) })

async function taken(order: DeliveryOrder, dryRun = false) {
  const { registry } = await aRegistry()
  const answer = await importDelivery({ registry, read: deliveryThread }, order, { by: 'engineer', dryRun })
  return { answer, registry, network: registry.current() }
}
async function imported(order: DeliveryOrder) {
  const { answer, ...rest } = await taken(order)
  if (isRefusal(answer)) throw new Error(JSON.stringify(answer))
  return { answer, ...rest }
}
const words = (answer: FilesAnswer | Refusal): string => {
  const groups: readonly ImportGroup[] = isRefusal(answer) ? (answer.groups ?? []) : answer.problems
  const detail = isRefusal(answer) ? [answer.detail, answer.detailEn] : []
  return [
    ...detail,
    ...groups.map((one) => `${one.message} / ${one.messageEn} × ${one.count} ${JSON.stringify(one.first)}`),
  ].join('\n')
}

describe('a delivery of files of other programs', () => {
  it('takes a zipped Shapefile in a Gauss–Krüger zone and GBK, and finds its topology', async () => {
    const { answer, network } = await imported({ files: [file('town-4548-gbk.zip')] })
    expect(answer.layers.map(({ layer, geometry, count, crs }) => [layer, geometry, count, crs])).toEqual([
      ['管点', 'point', 12, 'EPSG:4548 (CGCS2000 / 117°E)'],
      ['管线', 'line', 5, 'EPSG:4548 (CGCS2000 / 117°E)'],
      ['责任区', 'polygon', 1, 'EPSG:4548 (CGCS2000 / 117°E)'],
    ])
    const source = network.points.get('1001')
    expect(source).toMatchObject({ kind: 'source', name: '东方热源厂', commissionedAt: '2008-10-15' })
    expect(distanceM(source?.position ?? [0, 0], [116.4, 39.9])).toBeLessThan(0.01)
    expect(network.points.get('1002')).toMatchObject({ kind: 'well', depthM: 3.2 })
    expect(network.points.get('1005')).toMatchObject({ kind: 'valve' })
    expect(network.pipes.get('G1#1')).toMatchObject({ from: '1001', to: '1002', diameterMm: 500 })
    expect(network.pipes.get('G18')).toMatchObject({ from: '1009', to: '2008', diameterMm: 207 })
    expect(network.areas).toHaveLength(1)
    const loose = answer.notes.find(({ message }) => message.startsWith('管线端点没有接到'))
    expect(loose).toMatchObject({ count: 1, first: [{ layer: '管线', row: 5, id: 'G99' }] })
    expect(loose?.first[0]?.at).toHaveLength(2)
  })

  it('takes a GeoPackage with several layers and Multi-geometries, with the same result', async () => {
    const { network } = await imported({ files: [file('town-4326.gpkg')] })
    expect([network.points.size, network.pipes.size]).toEqual([14, 13])
    expect(network.pipes.get('G1#2')).toMatchObject({ from: '1002', to: '1003' })
  })

  it('takes CSV with columns of coordinates and with WKT once the coordinate system is named', async () => {
    const files = [file('points.csv'), file('lines-wkt.csv')]
    const { answer: doubt } = await taken({ files }, true)
    expect(words(doubt)).toContain('没有写明坐标系')
    const { network } = await imported({ files, crs: 'CGCS2000' })
    expect([network.points.size, network.pipes.size]).toEqual([14, 13])
  })

  it('takes Shapefile parts that lie side by side, and the next delivery without a change', async () => {
    const { registry } = await imported({ files: [file('town-4548-gbk.zip')] })
    const again = await importDelivery(
      { registry, read: deliveryThread },
      { files: [file('town-4548-gbk.zip', '2027.zip')] },
      { by: 'engineer' },
    )
    expect(again).toMatchObject({ added: [], changed: [], removed: [] })
  })

  it('reads GCJ-02 as such where a person or the column says so', async () => {
    const csv = text('wells.csv', '编号,名称,类型,gcj经度,gcj纬度\n1,甲井,检查井,116.406248,39.901404\n')
    const { network, answer } = await imported({ files: [csv] })
    expect(answer.problems).toEqual([])
    expect(distanceM(network.points.get('1')?.position ?? [0, 0], [116.4, 39.9])).toBeLessThan(10)
  })

  it('reads a grid by control points and shows their residuals', async () => {
    const points = [
      [500, 300, 116.4, 39.9],
      [1500, 300, 116.41169, 39.9],
      [1500, 1300, 116.41169, 39.90901],
      [500, 1300, 116.4, 39.90901],
    ].map(([x = 0, y = 0, lon = 0, lat = 0]) => ({ x, y, lon, lat }))
    const csv = text('wells.csv', '编号,名称,类型,X,Y\n1,甲井,检查井,1000,800\n')
    const { answer, network } = await imported({ files: [csv], crs: { controlPoints: points } })
    expect(answer.residualsM).toHaveLength(4)
    expect(Math.max(...(answer.residualsM ?? []))).toBeLessThan(1)
    expect(distanceM(network.points.get('1')?.position ?? [0, 0], [116.405845, 39.904505])).toBeLessThan(2)
  })

  it('keeps to a matching that was kept by name', async () => {
    const csv = text('2026.csv', 'a,b,c,lon,lat\n1,甲,三通,116.4,39.9\n2,乙,怪,116.401,39.9\n')
    const { answer: doubt } = await taken({ files: [csv], crs: 'EPSG:4490' }, true)
    expect(words(doubt)).toContain('还没有选择这一图层是什么')
    const layers = [
      {
        file: '2025.csv',
        layer: '2025',
        kindFrom: { column: 'c', values: { 三通: 'joint' as const, 怪: 'station' as const } },
        fields: { id: 'a', name: 'b', lon: 'lon', lat: 'lat', network: { value: 'primary' } },
      },
    ]
    const { network } = await imported({ files: [csv], mapping: { layers, crs: 'EPSG:4490' } })
    expect(network.points.get('1')).toMatchObject({ kind: 'well', covers: 0 })
    expect(network.points.get('2')).toMatchObject({ kind: 'station', name: '乙' })
  })
})

const anotherDatabase = () => {
  const dir = mkdtempSync(join(tmpdir(), 'other-'))
  const db = new DatabaseSync(join(dir, 'a.db'))
  db.exec('CREATE TABLE well (id TEXT)')
  db.close()
  const bytes = readFileSync(join(dir, 'a.db'))
  rmSync(dir, { recursive: true })
  return { name: 'wells.gpkg', bytes }
}
const WELLS = '编号,名称,类型,经度,纬度\n'
const gbk = (content: string) => Uint8Array.from(Buffer.from(content, 'latin1'))

describe('a delivery that cannot be taken is refused in one sentence, and nothing is imported', () => {
  it.each<readonly [string, DeliveryOrder, RegExp]>([
    ['nothing in it', { files: [text('a.csv', '')] }, /a\.csv: 文件是空的/],
    ['an unknown format', { files: [text('a.pdf', '%PDF-1.7')] }, /a\.pdf: 不认识的格式/],
    [
      'another SQLite file',
      { files: [anotherDatabase()] },
      /wells\.gpkg: 是别的 SQLite 文件,不是 GeoPackage/,
    ],
    ['a damaged archive', { files: [text('a.zip', 'PK\x03\x04 nothing')] }, /a\.zip: 压缩包已损坏/],
    [
      'a path out of the archive',
      { files: [{ name: 'a.zip', bytes: zipSync({ '../../etc/passwd': strToU8('x') }) }] },
      /压缩包中的路径 \.\.\/\.\.\/etc\/passwd 指向包外/,
    ],
    [
      'a zip bomb',
      { files: [{ name: 'a.zip', bytes: zipSync({ 'a.csv': new Uint8Array(400 * 1024 * 1024) }) }] },
      /压缩包解开后过大/,
    ],
    [
      'two encodings',
      {
        files: [
          {
            name: 'a.csv',
            bytes: Buffer.concat([
              Buffer.from(`${WELLS}1,甲井,井,116.4,39.9\n`),
              gbk('2,\xd2\xd2\xbe\xae,x,1,1\n'),
            ]),
          },
        ],
      },
      /a\.csv: 第 3 行的编码与前面不同/,
    ],
    [
      'ids that differ by case',
      { files: [text('a.csv', `${WELLS}J-1,甲,井,116.4,39.9\nj-1,乙,井,116.401,39.9\n`)], crs: 'EPSG:4326' },
      /编号与 J-1 只有大小写不同.*"row":3,"id":"j-1"/,
    ],
    [
      'a type that has not been translated',
      { files: [text('a.csv', `${WELLS}1,甲,井,116.4,39.9\n2,乙,怪物,116.401,39.9\n`)], crs: 'EPSG:4326' },
      /列 类型 的值“怪物”没有对应的类别.*"row":3/,
    ],
    [
      'a coordinate that is no number',
      { files: [text('a.csv', `${WELLS}1,甲,井,东经116,39.9\n`)], crs: 'EPSG:4326' },
      /坐标不是数字.*"row":2/,
    ],
    [
      'longitude and latitude swapped',
      { files: [text('a.csv', `${WELLS}1,甲,井,39.9,116.4\n`)], crs: 'EPSG:4326' },
      /经纬度写反了/,
    ],
    [
      'an unknown coordinate system',
      { files: [text('a.csv', `${WELLS}1,甲,井,116.4,39.9\n`)], crs: 'EPSG:2154' },
      /不认识的坐标系 EPSG:2154/,
    ],
    [
      'Beijing 54 without the parameters of the city',
      { files: [file('points.csv')], crs: 'EPSG:4214' },
      /北京54、西安80 没有本市的转换参数,位置可能偏 50–150 米/,
    ],
    [
      'one column for two fields',
      {
        files: [text('a.csv', `${WELLS}1,甲,井,116.4,39.9\n`)],
        crs: 'EPSG:4326',
        mapping: {
          layers: [
            {
              file: 'a.csv',
              layer: 'a',
              kind: 'well',
              fields: { id: '编号', depthM: '纬度', elevationM: '纬度', lon: '经度', lat: '纬度' },
            },
          ],
        },
      },
      /列 纬度 对应了不止一个字段: depthM、elevationM、lat/,
    ],
    [
      'a value out of range, by row',
      {
        files: [text('a.csv', `编号,名称,类型,经度,纬度,井深\n1,甲,井,116.4,39.9,三米\n`)],
        crs: 'EPSG:4326',
      },
      /井深 depthM: 应为数字.*"row":2,"id":"1"/,
    ],
  ])('%s', async (_name, order, sentence) => {
    const { answer, registry } = await taken(order)
    expect(isRefusal(answer)).toBe(true)
    expect(words(answer)).toMatch(sentence)
    expect(registry.versions()).toEqual([])
  })

  it('a layer in the wrong zone is one sentence with the distance', async () => {
    const { registry } = await imported({ files: [file('town-4548-gbk.zip')] })
    const pipe = text('b.csv', '编号,名称,类型,X,Y\n9,戊,检查井,448688,4418598\n')
    const answer = await importDelivery(
      { registry, read: deliveryThread },
      { files: [pipe], crs: 'EPSG:4546' },
      { by: 'engineer' },
    )
    expect(words(answer)).toMatch(/整个图层离现有管网 \d{3} 公里: .*三度带的中央子午线是 117°E/)
  })
})
