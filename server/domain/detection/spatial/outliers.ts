import type { Change, Changes } from './changes.ts'
import { faultZ, precisionOf, strayOf } from './glr.ts'
import type { Evaluation } from './evaluation.ts'
import { covarianceOf, worstOf } from './hypotheses.ts'

/** Sensors that stray alone from the others, by key, and the greatest |z| among those that do not. */
export interface Outliers {
  readonly byKey: ReadonlyMap<string, Change>
  readonly greatest: number
}

const MOST = 5
/** With a leak in the picture a sensor must stray by more than its mismatch can be. */
const BESIDE_LEAK = 1.5
const LEAK_MISMATCH = 0.5
/** A leak of the size that the make-up says may make a sensor fall so many times what physics says. */
const PHYSICS_SLACK = 3

/**
 * One sensor after the other, the worst first, each judged without those before it. What a leak would do
 * is taken off first where there is one.
 */
export function outliersOf(evaluation: Evaluation): Outliers {
  const { weighed, watch, run, changes } = evaluation
  const leak = watch.raised !== undefined || Math.min(weighed.z, weighed.zWithout) > watch.leak.threshold
  const limit = leak
    ? Math.max(BESIDE_LEAK * watch.sensor.threshold, LEAK_MISMATCH * weighed.z)
    : watch.sensor.threshold
  const byKey = new Map<string, Change>()
  let left = leak ? withoutLeak(evaluation) : changes.list
  let greatest = 0
  for (let round = 0; round <= MOST && left.length >= 3; round += 1) {
    const precision = precisionOf(evidenceOf(evaluation, left))
    const worst = worstOf(precision)
    const z = Math.abs(faultZ(precision, worst))
    const stray = strayOf(precision, worst)
    const change = left[worst]
    if (change === undefined) break
    if (z <= limit || Math.abs(stray) < run.context.settings.sensorOffKpa) {
      greatest = Math.min(z, watch.sensor.threshold)
      break
    }
    const own = changes.list.find(({ sensor }) => sensor.key === change.sensor.key)
    if (own !== undefined && !mayBeLeak(evaluation, own, stray)) byKey.set(change.sensor.key, own)
    left = left.filter((_, i) => i !== worst)
  }
  return { byKey, greatest }
}

function evidenceOf(evaluation: Evaluation, list: Changes['list']) {
  return {
    change: Float64Array.from(list, ({ offKpa }) => offKpa),
    ...covarianceOf({ ...evaluation.changes, list }, evaluation),
  }
}

/** The changes less what the best leak does. */
function withoutLeak({ changes, weighed }: Evaluation): readonly Change[] {
  const fit = weighed.fits[weighed.bestWithout]
  const effect = weighed.effects[weighed.bestWithout]
  const size = fit === undefined || fit.denWithout <= 0 ? 0 : Math.max(0, fit.numWithout / fit.denWithout)
  return changes.list.map((change, i) => ({ ...change, offKpa: change.offKpa - size * (effect?.[i] ?? 0) }))
}

/** While water is being lost, a fall that such a leak beside the sensor could make is no fault. */
function mayBeLeak({ loss, response, changes }: Evaluation, change: Change, stray: number): boolean {
  if (loss === undefined || stray >= 0) return false
  const width = response.sensors.length
  const scale =
    changes.flowTh === undefined || response.nominalTh === undefined ? 1 : changes.flowTh / response.nominalTh
  let most = 0
  for (let n = 0; n < response.places.length; n += 1) {
    most = Math.max(most, response.kpaPerTh[n * width + change.column] ?? 0)
  }
  return -stray < PHYSICS_SLACK * most * scale * loss.flowTh
}
