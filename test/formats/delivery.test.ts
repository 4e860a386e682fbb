import { describe, expect, it } from 'vitest'
import { deliveryThread } from '../../server/formats/delivery-thread.ts'
import { importDelivery } from '../../server/flows/network/import-delivery.ts'
import { distanceM } from '../../server/domain/network/geometry.ts'
import { aWorkbook, EPANET, file, imported, taken, text, words } from './deliveries.ts'

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

  it('takes XLSX, with a title above the names and days as Excel counts them', async () => {
    const { network } = await imported({ files: [file('points.xlsx')], crs: 'EPSG:4326' })
    expect(network.points.get('1002')).toMatchObject({ name: '东大街1号井', commissionedAt: '2012-10-15' })
    const titled = aWorkbook([
      ['井表'],
      ['编号', '名称', '类型', '经度', '纬度', '建成日期'],
      [7, '庚', '检查井', 116.4, 39.9, 41197],
    ])
    const { network: second } = await imported({ files: [titled], crs: 'EPSG:4326' })
    expect(second.points.get('7')).toMatchObject({ name: '庚', commissionedAt: '2012-10-15' })
  })

  it('is not led astray by a hundred thousand empty rows below the table', async () => {
    const rows = [
      ['编号', '名称', '类型', '经度', '纬度'],
      [7, '庚', '检查井', 116.4, 39.9],
    ]
    const empty = Array.from({ length: 100_000 }, (_, i) => `<row r="${i + 3}"/>`).join('')
    const { answer } = await imported({ files: [aWorkbook(rows, empty)], crs: 'EPSG:4326' })
    expect(answer.layers).toMatchObject([{ count: 1 }])
  })

  it('takes an EPANET network: reservoirs, demands and junctions, in metric units', async () => {
    const { network, answer } = await imported({ files: [text('net.inp', EPANET)], crs: 'EPSG:4548' })
    expect(network.points.get('1')).toMatchObject({ kind: 'source' })
    expect(network.points.get('11')).toMatchObject({ kind: 'well', elevationM: 30.48 })
    expect(network.points.get('12')).toMatchObject({ kind: 'station', nominalFlowTh: 4.542 })
    expect(answer.mapping.layers.find(({ layer }) => layer === 'PIPES')?.idPrefix).toBe('P-')
    expect(network.pipes.get('P-11')).toMatchObject({
      from: '11',
      to: '12',
      lengthM: 304.8,
      diameterMm: 304.8,
    })
    expect(network.pipes.get('P-11')?.line).toHaveLength(3)
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
