/** Alarm floods as ISA-18.2 and EEMUA 191 count them; the screens and the figures count alike. */

const WINDOW_MS = 10 * 60_000
/** More than so many new alarms in ten minutes are a flood. */
export const FLOOD_BEGINS_ABOVE = 10
/** It has ended when fewer than so many come in ten minutes: one at its edge does not flicker. */
const FLOOD_ENDS_BELOW = 5

export interface AlarmFlood {
  /** Milliseconds since the epoch. */
  readonly from: number
  /** Undefined: it has not ended at `now`. */
  readonly to: number | undefined
}

/**
 * The floods among alarms up to `now`, oldest first; instants in milliseconds, in any order. An alarm counts for
 * the ten minutes that begin with it.
 */
export function alarmFloods(instants: readonly number[], now: number): readonly AlarmFlood[] {
  const floods: AlarmFlood[] = []
  let since: number | undefined
  for (const { at, count } of alarmCounts(instants, now)) {
    if (since === undefined && count > FLOOD_BEGINS_ABOVE) since = at
    else if (since !== undefined && count < FLOOD_ENDS_BELOW) {
      floods.push({ from: since, to: at })
      since = undefined
    }
  }
  return since === undefined ? floods : [...floods, { from: since, to: undefined }]
}

/** How many alarms the last ten minutes held, wherever that changes up to `now`, in order. */
export function alarmCounts(
  instants: readonly number[],
  now: number,
): readonly { readonly at: number; readonly count: number }[] {
  const came = instants.filter((at) => at <= now).sort((a, b) => a - b)
  const counts: { at: number; count: number }[] = []
  let [begun, gone] = [0, 0]
  // Of two at one instant the one that goes is first: ten minutes are up before the next begin.
  const ageUntil = (until: number): void => {
    for (let at = came[gone]; at !== undefined && at + WINDOW_MS <= until; at = came[gone]) {
      gone += 1
      counts.push({ at: at + WINDOW_MS, count: begun - gone })
    }
  }
  for (const at of came) {
    ageUntil(at)
    begun += 1
    counts.push({ at, count: begun - gone })
  }
  ageUntil(now)
  return counts
}
