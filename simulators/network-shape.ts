import type { NetworkFile, PipeFeature, PointFeature } from '#contract/network.ts'
import type { NetworkShape } from '#hydraulics'

/** Seed diameters where a file gives none, so that a simulation of it can run all the same. */
const ASSUMED_MM = { trunk: 500, branch: 200 }
const EARTH_M_PER_DEGREE = 111_195

export function pointsOf(file: NetworkFile): readonly PointFeature[] {
  return file.features.filter((feature): feature is PointFeature => feature.geometry.type === 'Point')
}

export function pipesOf(file: NetworkFile): readonly PipeFeature[] {
  return file.features.filter((feature): feature is PipeFeature => feature.geometry.type === 'LineString')
}

/** Points and pipes as the hydraulic model wants them: every pipe with a length and a diameter. */
export function networkShape(file: NetworkFile): NetworkShape {
  return {
    points: pointsOf(file).map((feature) => feature.properties),
    pipes: pipesOf(file).map(({ properties, geometry }) => ({
      ...properties,
      lengthM: properties.lengthM ?? lengthM(geometry.coordinates),
      diameterMm: properties.diameterMm ?? ASSUMED_MM[properties.class],
    })),
  }
}

function lengthM(line: PipeFeature['geometry']['coordinates']): number {
  return line.slice(1).reduce((sum, [lon, lat], i) => {
    const [fromLon, fromLat] = line[i] ?? [lon, lat]
    const east = (lon - fromLon) * Math.cos((lat * Math.PI) / 180)
    return sum + Math.hypot(east, lat - fromLat) * EARTH_M_PER_DEGREE
  }, 0)
}
