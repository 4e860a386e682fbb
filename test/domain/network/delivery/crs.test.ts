import { describe, expect, it } from 'vitest'
import { crsOf } from '../../../../server/domain/network/delivery/crs.ts'
import { distanceM } from '../../../../server/domain/network/geometry.ts'

/** Where GDAL 3.10 puts 116.4° E, 39.9° N. */
const PLACE = [116.4, 39.9] as const
const ESRI_WKT =
  'PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
const XIAN_WKT =
  'PROJCS["Xian_1980_3_Degree_GK_CM_111E",GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'

describe('a coordinate system turned into longitude and latitude', () => {
  it.each([
    ['EPSG:4547', 705254.65966983, 4421184.0393349],
    ['4526', 38705254.6596698, 4421184.0393349],
    ['urn:ogc:def:crs:EPSG::4548', 448688.855734416, 4418598.00125859],
    ['EPSG:4491', 17071496.3259105, 5333689.94576713],
    ['EPSG:4502', 4071496.32591055, 5333689.94576713],
    ['EPSG:32650', 448709.380192469, 4416830.56217183],
    ['EPSG:3857', 12957588.728337, 4851421.17518336],
    ['CGCS2000 / 3-degree Gauss-Kruger CM 114E', 705254.65966983, 4421184.0393349],
    ['CGCS2000 / 3-degree Gauss-Kruger zone 38', 38705254.6596698, 4421184.0393349],
    [ESRI_WKT, 705254.65966983, 4421184.0393349],
    ['EPSG:4326', 116.4, 39.9],
    ['CGCS2000', 116.4, 39.9],
    ['urn:ogc:def:crs:OGC:1.3:CRS84', 116.4, 39.9],
  ])('%s agrees with GDAL within 2 mm', (name, x, y) => {
    const crs = crsOf(name)
    expect(crs?.needsParameters).toBe(false)
    expect(distanceM(crs?.toLonLat([x, y]) ?? [0, 0], PLACE)).toBeLessThan(0.002)
  })

  it.each([
    ['GCJ-02', 200, 900],
    ['BD-09', 800, 2500],
  ])('%s lies some hundred metres from WGS 84', (name, from, to) => {
    const shift = distanceM(crsOf(name)?.toLonLat(PLACE) ?? [0, 0], PLACE)
    expect(shift).toBeGreaterThan(from)
    expect(shift).toBeLessThan(to)
  })

  it.each(['EPSG:4214', 'EPSG:4610', 'EPSG:2363', 'EPSG:2434', XIAN_WKT, '北京54', '西安80'])(
    '%s wants the parameters of the city',
    (name) => {
      expect(crsOf(name)?.needsParameters).toBe(true)
    },
  )

  it('takes them as PROJ writes them, and agrees with GDAL', () => {
    const crs = crsOf('EPSG:2436', [15.8, -154.4, -82.3])
    expect(crs?.needsParameters).toBe(false)
    const at = crs?.toLonLat([500000, 4417000]) ?? [0, 0]
    expect(distanceM(at, [117.000654923298, 39.886747559842])).toBeLessThan(0.01)
  })

  it('takes those that the .prj itself has, and not a row of zeros', () => {
    const datum = (numbers: string) => XIAN_WKT.replace('298.257]]', `298.257],TOWGS84[${numbers}]]`)
    expect(crsOf(datum('24,-123,-94,0,0,0,0'))?.needsParameters).toBe(false)
    expect(crsOf(datum('0,0,0,0,0,0,0'))?.needsParameters).toBe(true)
  })

  it.each(['EPSG:2154', 'EPSG:99999', 'nonsense', 'LOCAL_CS["grid"]', ''])('does not know %s', (name) => {
    expect(crsOf(name)).toBeUndefined()
  })
})

describe('a place that cannot be meant in its zone', () => {
  const said = (name: string, x: number, y: number) => crsOf(name)?.wrong([x, y])?.zh

  it('is right where it is plausible', () => {
    expect(said('EPSG:4547', 705254, 4421184)).toBeUndefined()
    expect(said('EPSG:4526', 38705254, 4421184)).toBeUndefined()
  })
  it('has its axes swapped', () => {
    expect(said('EPSG:4547', 4421184, 705254)).toContain('x 与 y 写反了')
    expect(said('EPSG:4526', 4421184, 38705254)).toContain('x 与 y 写反了')
  })
  it('begins with the number of another zone, which is named', () => {
    expect(said('EPSG:4547', 39448688, 4418598)).toBe(
      '东坐标带有带号 39,与坐标系(中央子午线 114°E)不符: 应为 EPSG:4527',
    )
  })
  it('is no Gauss–Krüger coordinate at all', () => {
    expect(said('EPSG:4547', 116.4, 39.9)).toContain('坐标不像')
  })
})
