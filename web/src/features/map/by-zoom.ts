import type { ExpressionSpecification } from 'maplibre-gl'
import type { Palette } from '../../parts/underlay/palette.ts'

/** A length that grows with the zoom; 1 where a city's whole network is seen. */
export function byZoom(
  value: ExpressionSpecification | number,
  palette: Palette,
  factor = 1,
): ExpressionSpecification {
  const times = (by: number): ExpressionSpecification =>
    ['*', by * factor * palette.scale, value] as ExpressionSpecification
  const at = (zoom: number): number => zoom + palette.zoomShift
  return [
    'interpolate',
    ['linear'],
    ['zoom'],
    at(10),
    times(0.42),
    at(13),
    times(1),
    at(15),
    times(1.5),
    at(18),
    times(3),
  ]
}
