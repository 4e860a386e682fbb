import { describe, expect, it } from 'vitest'
import { aDevice, place } from '../../../support/networks.ts'
import { area, GOOD, mistakesOf, pipe, ring, SQUARE, well, withFeature } from './parts.ts'

describe('N24 every mistake is listed by feature and path', () => {
  it.each([
    ['not an object', 7, '', '/type', 'FeatureCollection'],
    ['nothing', null, '', '/type', 'FeatureCollection'],
    ['another GeoJSON', { type: 'Feature' }, '', '/type', 'FeatureCollection'],
    ['no features', { type: 'FeatureCollection', features: [] }, '', '/features', '没有任何要素'],
    [
      'a foreign coordinate system',
      { ...GOOD, crs: { properties: { name: 'EPSG:4549' } } },
      '',
      '/crs',
      '4549',
    ],
    ['a feature that is none', withFeature(3), 'features[6]', '', 'Feature'],
    ['an unknown kind', withFeature(well({ kind: 'pump' })), 'X', '/properties/kind', '不认识的类别'],
    [
      'a prototype as kind',
      withFeature(well({ kind: 'constructor' })),
      'X',
      '/properties/kind',
      '不认识的类别',
    ],
    ['a missing field', withFeature(well({ name: undefined })), 'X', '/properties/name', '缺少名称'],
    ['a missing id', withFeature(well({ id: undefined })), 'features[6]', '/properties/id', '缺少编号'],
    ['an id with a space', withFeature(well({ id: 'a b' })), 'a b', '/properties/id', '不含空格'],
    ['a number as id', withFeature(well({ id: 5 })), '5', '/properties/id', '应为文字'],
    [
      'an unknown network',
      withFeature(well({ network: 'third' })),
      'X',
      '/properties/network',
      'primary、secondary',
    ],
    [
      'text for a number',
      withFeature(well({ depthM: '3' })),
      'X',
      '/properties/depthM',
      '井深 depthM: 应为数字',
    ],
    ['NaN', withFeature(well({ depthM: NaN })), 'X', '/properties/depthM', '应为数字'],
    ['beyond a limit', withFeature(well({ depthM: 51 })), 'X', '/properties/depthM', '<= 50'],
    ['half a cover', withFeature(well({ covers: 1.5 })), 'X', '/properties/covers', '整数'],
    [
      'no day of the calendar',
      withFeature(well({ warrantyUntil: '2026-02-30' })),
      'X',
      '/properties/warrantyUntil',
      '日期',
    ],
    [
      'a time without offset',
      withFeature(well({ commissionedAt: '2026-02-01T08:00:00' })),
      'X',
      '/properties/commissionedAt',
      '时区',
    ],
    ['devices that are no list', withFeature(well({ devices: {} })), 'X', '/properties/devices', '列表'],
    ['a device that is none', withFeature(well({ devices: [1] })), 'X', '/properties/devices/0', '对象'],
    [
      'a device id in capitals',
      withFeature(well({ devices: [aDevice('D')] })),
      'X',
      '/properties/devices/0/id',
      '小写',
    ],
    [
      'no signals',
      withFeature(well({ devices: [{ ...aDevice('d'), signals: [] }] })),
      'X',
      '/properties/devices/0/signals',
      '不能为空',
    ],
    [
      'an interval of 0',
      withFeature(well({ devices: [aDevice('d', { intervalS: 0 })] })),
      'X',
      '/properties/devices/0/intervalS',
      '> 0',
    ],
    [
      'a point for a pipe',
      withFeature(pipe({}, place(0, 0))),
      'X',
      '/geometry/coordinates/0',
      '[经度, 纬度]',
    ],
    [
      'a line for a well',
      withFeature({ ...well(), geometry: { type: 'LineString', coordinates: [] } }),
      'X',
      '/geometry',
      'Point',
    ],
    ['no geometry', withFeature({ ...well(), geometry: null }), 'X', '/geometry', 'Point'],
    ['a line of one point', withFeature(pipe({}, [place(0, 0)])), 'X', '/geometry/coordinates', '两个点'],
    [
      'text for a coordinate',
      withFeature(well({}, ['106', '39'])),
      'X',
      '/geometry/coordinates',
      '[经度, 纬度]',
    ],
    [
      'an infinite coordinate',
      withFeature(well({}, [106, Infinity])),
      'X',
      '/geometry/coordinates',
      '[经度, 纬度]',
    ],
    ['latitude first', withFeature(well({}, [39.5, 106.7])), 'X', '/geometry/coordinates', '经纬度写反'],
    [
      'latitude first, in the far west',
      withFeature(well({}, [43.8, 87.6])),
      'X',
      '/geometry/coordinates',
      '经纬度写反',
    ],
    ['metres', withFeature(well({}, [36478000, 4373000])), 'X', '/geometry/coordinates', '投影坐标'],
    ['beyond the Earth', withFeature(well({}, [181, 10])), 'X', '/geometry/coordinates', '超出经纬度'],
    ['far off the rest', withFeature(well({}, [116.7, 39.5])), 'X', '/geometry/coordinates', '200 公里'],
    ['a ring left open', withFeature(area(SQUARE.slice(0, 4))), 'X', '/geometry/coordinates/0', '没有闭合'],
    [
      'a ring of three points',
      withFeature(area(ring([0, 0], [9, 0], [0, 0]))),
      'X',
      '/geometry/coordinates/0',
      '四个点',
    ],
    [
      'a ring without extent',
      withFeature(area(ring([0, 0], [9, 0], [5, 0], [0, 0]))),
      'X',
      '/geometry/coordinates/0',
      '没有面积',
    ],
    [
      'a bow tie',
      withFeature(area(ring([0, 0], [900, 900], [900, 0], [0, 900], [0, 0]))),
      'X',
      '/geometry/coordinates/0',
      '自相交',
    ],
    [
      '100,000 vertices',
      withFeature(area(Array.from({ length: 100_000 }, (_, i) => place(i, i)))),
      'X',
      '/geometry/coordinates/0',
      '顶点过多',
    ],
    [
      'an area that ends before it begins',
      withFeature(area(SQUARE, { validFrom: '2026-02-02', validTo: '2026-02-01' })),
      'X',
      '/properties/validTo',
      '晚于',
    ],
    [
      'an area of two departments at once',
      withFeature(area(SQUARE, { validTo: '2026-02-02' }), area(SQUARE, { validFrom: '2026-02-01' })),
      'X',
      '/properties/id',
      '有效期重叠',
    ],
    ['an asset id twice', withFeature(well({ id: 'A' })), 'A', '/properties/id', '不止一次'],
    ['a pipe with the id of a well', withFeature(pipe({ id: 'A' })), 'A', '/properties/id', '不止一次'],
    [
      'a device at two places',
      withFeature(well({ devices: [aDevice('dev-a')] })),
      'X',
      '/properties/devices/0/id',
      'dev-a 已在 A',
    ],
    [
      'a device twice at one place',
      withFeature(well({ devices: [aDevice('d'), aDevice('d')] })),
      'X',
      '/properties/devices/1/id',
      '一处',
    ],
    ['a pipe from nowhere', withFeature(pipe({ from: 'nobody' })), 'X', '/properties/from', 'nobody 不存在'],
    ['a pipe to nowhere', withFeature(pipe({ to: 'nobody' })), 'X', '/properties/to', 'nobody 不存在'],
    ['a pipe that ends at a pipe', withFeature(pipe({ to: 'HA' })), 'X', '/properties/to', '不是点'],
    ['a pipe to itself', withFeature(pipe({ to: 'A' })), 'X', '/properties/to', '同一个点'],
    ['a well on no pipe', withFeature(well({ onPipe: 'nobody' })), 'X', '/properties/onPipe', '不存在'],
    [
      'a device on no pipe',
      withFeature(well({ devices: [aDevice('d', { pipe: 'A' })] })),
      'X',
      '/properties/devices/0/pipe',
      '不存在',
    ],
  ] as const)('%s', (...[, raw, featureId, path, words]) => {
    const mistakes = mistakesOf(raw)
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]).toMatchObject({ featureId, path })
    expect(mistakes[0]?.message).toContain(words)
  })

  it('all at once, and one mistake is not told twice through what points to it', () => {
    const bad = [well({ id: 'Y', depthM: -1, covers: 99 }), pipe({ from: 'Y', diameterMm: 0 })]
    expect(mistakesOf(withFeature(...bad)).map(({ featureId, path }) => `${featureId}${path}`)).toEqual([
      'Y/properties/depthM',
      'Y/properties/covers',
      'X/properties/diameterMm',
    ])
  })
  it('bounded: a thousand, and how many more', () => {
    const mistakes = mistakesOf(withFeature(...Array.from({ length: 1200 }, () => 1)))
    expect(mistakes).toHaveLength(1001)
    expect(mistakes.at(-1)?.message).toContain('还有 200 处')
  })
})
