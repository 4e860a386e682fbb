import type { MeteredStation } from '../core/leak-response.ts'
import type { Network } from '../../network/network.ts'
import { STATION_FLOW } from './station-demand.ts'
import { principal } from './linear.ts'
import type { Side } from '../core/zones.ts'
import { flowShowsLeak } from './regressors.ts'
import type { LeakZone } from '../core/zones.ts'

/** So many patterns carry nearly all of what loads do. */
const LOAD_MODES = 12
/** What a measured load still does beside what is taken off for it: pipes are not as the file says. */
const LEFT_OF_MEASURED = 0.3

/**
 * Stations of a zone whose flow is measured, in order of their devices. None without a meter at the source:
 * only beside the whole flow does a part of it say who takes more than usual.
 */
export function meteredStations(network: Network, zone: LeakZone): readonly MeteredStation[] {
  if (!flowShowsLeak(network, zone.id)) return []
  return zone.stationIds
    .flatMap((stationId): MeteredStation[] => {
      const point = network.points.get(stationId)
      const nominalTh = point?.kind === 'station' ? point.nominalFlowTh : undefined
      const device = point?.devices?.find(({ signals }) => signals.includes(STATION_FLOW))
      return nominalTh === undefined || device === undefined
        ? []
        : [{ deviceId: device.id, stationId, nominalTh }]
    })
    .sort((a, b) => (a.deviceId < b.deviceId ? -1 : 1))
}

/** How the stations of a zone move one sensor: change of its pressure for one t/h more at each [kPa]. */
export interface LoadRow {
  readonly side: Side
  readonly kpaPerTh: Float64Array
}

export interface LoadPatterns {
  /** Patterns that stations make on both sides when they take more or less, row by sensor [kPa]. */
  readonly loadModes: readonly (readonly number[])[]
  /** Row by sensor, column by metered station: for one t/h more there and as much less at the others [kPa]. */
  readonly kpaPerDrawTh: Float32Array
}

/**
 * What loads do to pressures, from how each sensor answers each station.
 * @param stations ids, in the order of the rows' columns; `drawTh` what each takes
 */
export function loadPatterns(
  rows: readonly LoadRow[],
  of: {
    readonly stations: readonly string[]
    readonly drawTh: readonly number[]
    readonly metered: readonly MeteredStation[]
  },
): LoadPatterns {
  const { stations, drawTh, metered } = of
  const columns = metered.map(({ stationId }) => stations.indexOf(stationId))
  const isMetered = new Set(columns)
  const others = stations.map((_, s) => s).filter((s) => !isMetered.has(s))
  const takenByOthers = others.reduce((sum, s) => sum + (drawTh[s] ?? 0), 0)
  const kpaPerDrawTh = new Float32Array(rows.length * metered.length)
  for (const [i, { kpaPerTh }] of rows.entries()) {
    const atOthers = others.reduce((sum, s) => sum + (kpaPerTh[s] ?? 0) * (drawTh[s] ?? 0), 0)
    const instead = takenByOthers > 0 ? atOthers / takenByOthers : 0
    for (const [m, s] of columns.entries()) {
      kpaPerDrawTh[i * metered.length + m] = (kpaPerTh[s] ?? 0) - instead
    }
  }
  const loads = rows.map(({ kpaPerTh }) =>
    kpaPerTh.map((value, s) => value * (drawTh[s] ?? 0) * (isMetered.has(s) ? LEFT_OF_MEASURED : 1)),
  )
  return { loadModes: modesOf(loads), kpaPerDrawTh }
}

function modesOf(loads: readonly Float64Array[]): number[][] {
  const stations = Math.max(0, ...loads.map((row) => row.length))
  const count = Math.min(LOAD_MODES, stations, Math.floor(loads.length / 3))
  const modes = principal(loads, stations, count).filter(({ variance }) => variance > 1e-6)
  return loads.map((_, i) =>
    modes.map(({ vector, variance }) => (vector[i] ?? 0) * Math.sqrt(variance * stations)),
  )
}
