import gcoord from 'gcoord'
import proj4 from 'proj4'
import type { LocalizedText } from '#contract/text.ts'
import type { Position } from '#contract/identity.ts'
import { codeOf, ELLIPSOIDS, projOf, zoneOf, type Datum, type Zone } from './gauss-kruger.ts'

const { transform, WGS84, GCJ02, BD09 } = 'default' in gcoord ? gcoord.default : gcoord

/** A coordinate system that can be turned into longitude and latitude of WGS 84. */
export interface Crs {
  readonly name: string
  /** Turned round without the city's parameters a place of this datum is some 100 m off. */
  readonly needsParameters: boolean
  readonly toLonLat: (place: Position) => Position
  /** Why a place cannot be meant in this system; undefined where it can. */
  readonly wrong: (place: Position) => LocalizedText | undefined
}

const GEOGRAPHIC: Readonly<Record<number, Datum>> = {
  4326: 'WGS 84',
  4490: 'CGCS2000',
  4214: 'Beijing 54',
  4555: 'Beijing 54',
  4610: "Xi'an 80",
}
const DATUM_WORDS: readonly (readonly [RegExp, Datum])[] = [
  [/beijing|krass?ov?sky|北京\s*(19)?54/i, 'Beijing 54'],
  [/xi'?an|iag.?(19)?75|西安\s*(19)?80/i, "Xi'an 80"],
  [/cgcs.?2000|china.?(geodetic.?coordinate.?system.?)?2000|大地\s*2000|国家\s*2000/i, 'CGCS2000'],
  [/wgs.?(19)?84|crs84/i, 'WGS 84'],
]
const NEVER = () => undefined

/**
 * The coordinate system that a name, an EPSG number or the WKT of a .prj means; undefined for one that is
 * not known here. `towgs84`: the city's parameters, as PROJ writes them (m, seconds of arc, ppm).
 */
export function crsOf(text: string, towgs84?: readonly number[]): Crs | undefined {
  const plain = text.trim()
  if (/^(gcj.?0?2|火星坐标)/i.test(plain)) return webMap('GCJ-02', GCJ02)
  if (/^(bd.?0?9|百度坐标)/i.test(plain)) return webMap('BD-09', BD09)
  const isWkt = plain.includes('[')
  const code = Number(/^(?:.*epsg:{1,2}\D{0,4})?(\d{4,6})$/i.exec(plain)?.[1] ?? rootCode(plain))
  const zone = zoneOf(code) ?? (isWkt ? zoneInWkt(plain) : zoneInName(plain))
  if (zone !== undefined) return gaussKruger(zone, towgs84 ?? wktParameters(plain))
  if (code === 3857 || /pseudo.?mercator|web.?mercator/i.test(plain)) {
    return projected('EPSG:3857', '+proj=merc +a=6378137 +b=6378137 +units=m', 'WGS 84')
  }
  if (code > 32600 && code <= 32660) {
    return projected(`EPSG:${code}`, `+proj=utm +zone=${code - 32600} +datum=WGS84`, 'WGS 84')
  }
  const datum = GEOGRAPHIC[code] ?? DATUM_WORDS.find(([words]) => words.test(plain))?.[1]
  if (/^\s*proj|^\s*local/i.test(plain))
    return isWkt && datum !== undefined ? otherWkt(plain, datum) : undefined
  if (datum === undefined || (code > 0 && GEOGRAPHIC[code] === undefined)) return undefined
  return geographic(datum, towgs84 ?? wktParameters(plain))
}

/** The city's parameters that stand in a WKT; all zero means that nobody knew them. */
function wktParameters(wkt: string): readonly number[] | undefined {
  const given = /TOWGS84\[([^\]]*)\]/i.exec(wkt)?.[1]?.split(',').map(Number)
  return given?.some((number) => number !== 0) === true ? given : undefined
}

/** The authority's number of the whole system, which stands last in a WKT. */
function rootCode(wkt: string): string | undefined {
  return /(?:AUTHORITY|ID)\["EPSG",\s*"?(\d+)"?\]\s*\]\s*$/i.exec(wkt)?.[1]
}

function zoneInWkt(wkt: string): Zone | undefined {
  const parameter = (name: string) => {
    const found = new RegExp(`PARAMETER\\["${name}",\\s*(-?[\\d.]+)`, 'i').exec(wkt)?.[1]
    return found === undefined ? undefined : Number(found)
  }
  const meridian = parameter('central_meridian') ?? parameter('Longitude of natural origin')
  const east = parameter('false_easting') ?? parameter('False easting')
  const scale = parameter('scale_factor') ?? parameter('Scale factor at natural origin') ?? 1
  const datum = DATUM_WORDS.find(([words]) => words.test(wkt))?.[1]
  if (!/transverse.?mercator|gauss.?kruger/i.test(wkt) || scale !== 1) return undefined
  if (datum === undefined || meridian === undefined || east === undefined) return undefined
  if (east % 1_000_000 !== 500_000) return undefined
  const number = Math.floor(east / 1_000_000)
  return { datum, meridian, ...(number === 0 ? {} : { number }) }
}

/** A system by its EPSG name, for example "CGCS2000 / 3-degree Gauss-Kruger CM 114E". */
function zoneInName(name: string): Zone | undefined {
  const datum = DATUM_WORDS.find(([words]) => words.test(name))?.[1]
  if (datum === undefined) return undefined
  const meridian = /(?:CM|中央(?:子午线|经线))\s*(\d{2,3})/i.exec(name)?.[1]
  if (meridian !== undefined) return { datum, meridian: Number(meridian) }
  const number = Number(/(?:zone|带号)\s*(\d{2})/i.exec(name)?.[1] ?? 0)
  if (number === 0) return undefined
  return { datum, number, meridian: number >= 25 ? number * 3 : number * 6 - 3 }
}

function webMap(name: string, from: typeof GCJ02 | typeof BD09): Crs {
  return {
    name,
    needsParameters: false,
    wrong: NEVER,
    toLonLat: ([x, y]) => pair(transform([x, y], from, WGS84)),
  }
}

function geographic(datum: Datum, towgs84?: readonly number[]): Crs {
  const name = {
    'WGS 84': 'EPSG:4326',
    CGCS2000: 'EPSG:4490',
    'Beijing 54': 'EPSG:4214',
    "Xi'an 80": 'EPSG:4610',
  }[datum]
  if (!isOld(datum)) return { name, needsParameters: false, wrong: NEVER, toLonLat: (place) => place }
  return { ...projected(name, `+proj=longlat ${ELLIPSOIDS[datum]}`, datum, towgs84), wrong: NEVER }
}

function gaussKruger(zone: Zone, towgs84?: readonly number[]): Crs {
  const code = codeOf(zone.datum, zone.meridian, zone.number !== undefined)
  const words = `${zone.datum} / ${zone.meridian}°E`
  const name = code === undefined ? words : `EPSG:${code} (${words})`
  return { ...projected(name, projOf(zone), zone.datum, towgs84), wrong: (place) => wrongInZone(zone, place) }
}

function otherWkt(wkt: string, datum: Datum): Crs | undefined {
  try {
    return projected(/\["([^"]*)"/.exec(wkt)?.[1] ?? datum, wkt, datum)
  } catch {
    return undefined
  }
}

function projected(name: string, definition: string, datum: Datum, towgs84?: readonly number[]): Crs {
  const shifted = towgs84 !== undefined && isOld(datum)
  const from = shifted ? `${definition} +towgs84=${towgs84.join(',')}` : definition
  const to = shifted ? '+proj=longlat +datum=WGS84' : `+proj=longlat ${ELLIPSOIDS[datum]}`
  const way = proj4(from, to)
  return {
    name,
    needsParameters: isOld(datum) && !shifted,
    wrong: NEVER,
    toLonLat: ([x, y]) => pair(way.forward([x, y])),
  }
}

function isOld(datum: Datum): boolean {
  return datum === 'Beijing 54' || datum === "Xi'an 80"
}

function pair([lon = NaN, lat = NaN]: readonly number[]): Position {
  return [lon, lat]
}

/** Eastings reach 330 km from a meridian in a zone of 6°, northings of China lie between 18° and 54°. */
const FARTHEST_EAST_M = 400_000
const NORTH = { from: 1_900_000, to: 6_100_000 } as const

function wrongInZone(zone: Zone, [x, y]: Position): LocalizedText | undefined {
  const fits = (east: number, north: number) => {
    const off = east - 500_000 - (zone.number ?? 0) * 1_000_000
    return Math.abs(off) < FARTHEST_EAST_M && north > NORTH.from && north < NORTH.to
  }
  if (fits(x, y)) return undefined
  if (fits(y, x)) {
    return {
      zh: `x 与 y 写反了: x 应为东坐标(约 50 万米),y 应为北坐标`,
      en: 'x and y are swapped: x is east (about 500,000 m), y is north',
    }
  }
  const number = Math.floor(x / 1_000_000)
  if (number > 0 && number !== zone.number) {
    const meridian = number >= 25 ? number * 3 : number * 6 - 3
    const code = codeOf(zone.datum, meridian, true)
    const named = code === undefined ? `${meridian}°E` : `EPSG:${code}`
    return {
      zh: `东坐标带有带号 ${number},与坐标系(中央子午线 ${zone.meridian}°E)不符: 应为 ${named}`,
      en: `eastings begin with zone ${number}, which is not the zone of ${zone.meridian}°E: name ${named}`,
    }
  }
  return {
    zh: `坐标不像中央子午线 ${zone.meridian}°E 的高斯-克吕格坐标`,
    en: `this is no Gauss–Krüger coordinate of the zone of ${zone.meridian}°E`,
  }
}
