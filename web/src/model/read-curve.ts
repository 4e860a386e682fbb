import { ROUTES } from '#contract/routes.ts'
import { request } from '../base/api/request.ts'
import { isoText } from '../base/i18n/time.ts'
import type { CurveWanted } from './curve-query.ts'
import type { CurvePoint } from './curve-scale.ts'

interface ReadingsAnswer {
  readonly series: readonly { readonly points: readonly (readonly [number, number | boolean])[] }[]
}

/** The readings of one curve between two instants; undefined when the server could not say. */
export async function readCurve(
  curve: Pick<CurveWanted, 'signal' | 'deviceId' | 'assetId'>,
  span: { readonly from: number; readonly to: number; readonly points: number },
  signal: AbortSignal,
): Promise<readonly CurvePoint[] | undefined> {
  const query = new URLSearchParams({
    signal: curve.signal,
    from: isoText(span.from),
    to: isoText(span.to),
    points: String(span.points),
  })
  if (curve.deviceId === undefined) query.set('asset', curve.assetId)
  else query.set('device', curve.deviceId)
  const answer = await request<ReadingsAnswer>(`${ROUTES.readings}?${query}`, { signal })
  if (!answer.ok) return undefined
  return (answer.value.series[0]?.points ?? []).map(([at, value]): CurvePoint => [at, Number(value)])
}
