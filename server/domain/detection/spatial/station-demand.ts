import { soundBuckets } from '../core/quarantine.ts'
import type { DetectorRun } from '../core/context.ts'
import { meanOf } from '../core/series.ts'
import type { ZoneResponse } from '../core/leak-response.ts'
import { NO_VALUE, type ZoneHistory, type ZoneModel } from '../core/zone-state.ts'

export const STATION_FLOW = 'primary_flow_t_h'

/** Part of the hours that a station's meter must have spoken in to be used. */
const KNOWN_SHARE = 0.6
/** A station that takes so much more or less than its usual part: its meter is not believed beyond that. */
const MAX_SHARE = 0.5

/** What metered stations usually take, in parts of the whole flow; by device. */
export function usualDemand(history: ZoneHistory, response: ZoneResponse): NonNullable<ZoneModel['draws']> {
  const flow = history.x['flow'] ?? []
  return response.metered.flatMap(({ deviceId }) => {
    const shares = (history.draws?.[deviceId] ?? []).flatMap((draw, n) => {
      const whole = flow[n] ?? NO_VALUE
      return draw === NO_VALUE || whole === NO_VALUE || whole <= 0 ? [] : [draw / whole]
    })
    if (shares.length === 0 || shares.length < KNOWN_SHARE * history.hours.length) return []
    return [{ deviceId, share: shares.reduce((sum, one) => sum + one, 0) / shares.length }]
  })
}

/** Metered stations as one model uses them, column by metered station. */
export interface StationDemand {
  /** Usual part of the whole flow; NaN: the meter is not used. */
  readonly share: Float64Array
  /** Nominal part of the whole nominal flow. */
  readonly nominalShare: Float64Array
}

/** Undefined: nothing is known of what single stations take. */
export function stationDemand(
  { draws }: Pick<ZoneModel, 'draws'>,
  { metered, nominalTh }: ZoneResponse,
): StationDemand | undefined {
  if (draws === undefined || draws.length === 0 || nominalTh === undefined) return undefined
  const shares = new Map(draws.map(({ deviceId, share }) => [deviceId, share]))
  return {
    share: Float64Array.from(metered, ({ deviceId }) => shares.get(deviceId) ?? Number.NaN),
    nominalShare: Float64Array.from(metered, (one) => one.nominalTh / nominalTh),
  }
}

/**
 * How metered stations differ from their nominal part of the whole flow at one time, column by metered
 * station, so that `Σ kpaPerDrawTh · draw` is what that does to a sensor [t/h]. A meter that does not speak
 * is taken at its usual part; one that is not used stays 0.
 * @param drawTh what each measures [t/h]; NaN: not known
 */
export function unevenDemand(
  use: StationDemand,
  of: { readonly flowTh: number | undefined; readonly nominalTh: number | undefined },
  drawTh: Float64Array,
): Float64Array {
  const uneven = new Float64Array(drawTh.length)
  const { flowTh, nominalTh } = of
  if (flowTh === undefined || nominalTh === undefined) return uneven
  const load = flowTh / nominalTh
  for (let m = 0; m < uneven.length; m += 1) {
    const usual = (use.share[m] ?? 0) * flowTh
    if (Number.isNaN(usual)) continue
    const measured = drawTh[m] ?? 0
    const draw = Number.isNaN(measured)
      ? usual
      : Math.min(Math.max(measured, (1 - MAX_SHARE) * usual), (1 + MAX_SHARE) * usual)
    uneven[m] = load * (draw - (use.nominalShare[m] ?? 0) * flowTh)
  }
  return uneven
}

/** What uneven loads do to one sensor [kPa]. */
export function unevenKpa({ kpaPerDrawTh }: ZoneResponse, column: number, uneven: Float64Array): number {
  const from = column * uneven.length
  let sum = 0
  for (let m = 0; m < uneven.length; m += 1) sum += (kpaPerDrawTh[from + m] ?? 0) * (uneven[m] ?? 0)
  return sum
}

/** How they follow one t/h more of the whole flow while each station takes what it takes. */
export function unevenSlope(use: StationDemand, flowTh: number, nominalTh: number): Float64Array {
  return use.nominalShare.map((nominal, m) =>
    Number.isNaN(use.share[m] ?? Number.NaN) ? 0 : (-nominal * flowTh) / nominalTh,
  )
}

/** What metered stations took on average in `length` quarter hours from the one numbered `from` [t/h]. */
export function meanDemand(
  run: DetectorRun,
  { metered }: ZoneResponse,
  from: number,
  length: number,
): Float64Array {
  return Float64Array.from(metered, ({ deviceId }) => {
    const buckets = soundBuckets(run, deviceId, STATION_FLOW)
    if (buckets === undefined) return Number.NaN
    let [sum, known] = [0, 0]
    for (let n = from; n < from + length; n += 1) {
      const mean = meanOf(buckets, n)
      if (mean === undefined) continue
      sum += mean
      known += 1
    }
    return sum / known
  })
}
