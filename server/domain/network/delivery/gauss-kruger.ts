/** Datums of Chinese maps. WGS 84 and CGCS2000 agree within a decimetre; the older two do not. */
export type Datum = 'WGS 84' | 'CGCS2000' | 'Beijing 54' | "Xi'an 80"

export const ELLIPSOIDS: Readonly<Record<Datum, string>> = {
  'WGS 84': '+a=6378137 +rf=298.257223563',
  CGCS2000: '+a=6378137 +rf=298.257222101',
  'Beijing 54': '+a=6378245 +rf=298.3',
  "Xi'an 80": '+a=6378140 +rf=298.257',
}

/** A Gauss–Krüger zone: its central meridian and, where eastings begin with it, its number. */
export interface Zone {
  readonly datum: Datum
  readonly meridian: number
  readonly number?: number
}

/** First EPSG codes of the four runs of a datum: 6° zones 13–23, their meridians, 3° zones 25–45, their meridians. */
const RUNS: readonly (readonly [Datum, readonly [number, number, number, number]])[] = [
  ['CGCS2000', [4491, 4502, 4513, 4534]],
  ["Xi'an 80", [2327, 2338, 2349, 2370]],
  ['Beijing 54', [21413, 21453, 2401, 2422]],
]

/** The zone that an EPSG code names, undefined for any other code. Source: EPSG dataset, areas of China. */
export function zoneOf(code: number): Zone | undefined {
  for (const [datum, [six, sixMeridian, three, threeMeridian]] of RUNS) {
    const inRun = (first: number, length: number) => code >= first && code < first + length
    if (inRun(six, 11)) return { datum, number: code - six + 13, meridian: (code - six) * 6 + 75 }
    if (inRun(sixMeridian, 11)) return { datum, meridian: (code - sixMeridian) * 6 + 75 }
    if (inRun(three, 21)) return { datum, number: code - three + 25, meridian: (code - three) * 3 + 75 }
    if (inRun(threeMeridian, 21)) return { datum, meridian: (code - threeMeridian) * 3 + 75 }
  }
  return undefined
}

/** The EPSG code of a zone of 3° around a meridian, with the zone's number in its eastings or without. */
export function codeOf(datum: Datum, meridian: number, numbered: boolean): number | undefined {
  const run = RUNS.find(([name]) => name === datum)
  const step = (meridian - 75) / 3
  if (run === undefined || !Number.isInteger(step) || step < 0 || step > 20) return undefined
  return run[1][numbered ? 2 : 3] + step
}

/** How PROJ writes the zone, without the way to another datum. */
export function projOf({ datum, meridian, number }: Zone): string {
  const east = 500_000 + (number ?? 0) * 1_000_000
  return `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=${east} +y_0=0 ${ELLIPSOIDS[datum]} +units=m`
}
