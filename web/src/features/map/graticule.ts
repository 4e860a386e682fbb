import type { Feature, FeatureCollection, LineString } from 'geojson'

/** Hairlines every 0.01°, some way beyond the network: the eye's hold where there is no basemap. */
export function graticule(
  bounds: readonly [number, number, number, number] | undefined,
): FeatureCollection<LineString> {
  const features: Feature<LineString>[] = []
  if (bounds !== undefined) {
    const [west, south, east, north] = bounds
    const reach = Math.min(0.3, Math.max(0.05, east - west, north - south))
    const step = reach > 0.15 ? 0.05 : 0.01
    const [w, s, e, n] = [west - reach, south - reach, east + reach, north + reach]
    for (let lon = Math.ceil(w / step); lon * step <= e; lon += 1)
      features.push(line([lon * step, s], [lon * step, n]))
    for (let lat = Math.ceil(s / step); lat * step <= n; lat += 1)
      features.push(line([w, lat * step], [e, lat * step]))
  }
  return { type: 'FeatureCollection', features }
}

function line(from: [number, number], to: [number, number]): Feature<LineString> {
  return { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: [from, to] } }
}
