import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { deliveryThread } from '../../server/formats/delivery-thread.ts'
import { importDelivery } from '../../server/flows/network/import-delivery.ts'
import type { DeliveryOrder } from '../../server/flows/network/read-delivery.ts'
import {
  anotherDatabase,
  aWorkbook,
  EPANET,
  file,
  gbk,
  imported,
  taken,
  text,
  WELLS,
  words,
} from './deliveries.ts'

/** The same archive, whose directory and header tell of 1,000 bytes. */
function lying(zip: Uint8Array): Uint8Array {
  const bytes = Buffer.from(zip)
  bytes.writeUInt32LE(1000, bytes.indexOf('PK\u0003\u0004', 0, 'latin1') + 22)
  bytes.writeUInt32LE(1000, bytes.indexOf('PK\u0001\u0002', 0, 'latin1') + 24)
  return bytes
}

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
      'a formula that was never calculated',
      {
        files: [
          aWorkbook([
            ['编号', '名称', '类型', '经度', '纬度'],
            [7, '庚', '检查井', '=A2*2', 39.9],
          ]),
        ],
        crs: 'EPSG:4326',
      },
      /wells\.xlsx: 工作表 井 的单元格 D2 是没有结果的公式/,
    ],
    [
      'a workbook that is none',
      { files: [{ name: 'a.xlsx', bytes: zipSync({ 'x.txt': strToU8('x') }) }] },
      /a\.xlsx: XLSX 已损坏或加了密码/,
    ],
    [
      'an EPANET network without its coordinates',
      { files: [text('net.inp', EPANET.replace(/\[COORDINATES\][^[]*/, ''))], crs: 'EPSG:4548' },
      /net\.inp: 缺少 \[COORDINATES\] 一节/,
    ],
    [
      'an EPANET network with a word for a number',
      { files: [text('net.inp', EPANET.replace('1000  12', '1000  wide'))], crs: 'EPSG:4548' },
      /net\.inp: 第 9 行应为数字: wide/,
    ],
    [
      'an archive that says less than it holds',
      { files: [{ name: 'a.zip', bytes: lying(zipSync({ 'a.csv': new Uint8Array(50 * 1024 * 1024) })) }] },
      /文件里没有任何要素或行|已损坏/,
    ],
    [
      'a workbook that says less than it holds',
      { files: [{ name: 'a.xlsx', bytes: lying(zipSync({ 'x.xml': new Uint8Array(50 * 1024 * 1024) })) }] },
      /a\.xlsx: XLSX 已损坏或加了密码/,
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
