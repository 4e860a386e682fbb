import type { MakeupState } from '../core/makeup-state.ts'
import { QUARTERS_OF_DAY, QUARTERS_OF_HOUR, median, robustSigma } from '../core/series.ts'

const DAYS = 7
/** Judged quarter hours that a baseline needs: two hours; of the same hour of the day: one day. */
const ENOUGH_PAST = 8
const ENOUGH_SAME_HOUR = 5
/** On the first day the daily course is unknown, and may be so large a part of the usual flow. */
const UNKNOWN_COURSE = 0.25
/** Quarter hours in doubt that are kept: half a day. */
const MAX_DOUBT = 48

/** One judged quarter hour: number, corrected make-up, off the usual [t/h]. */
export type Judged = [number, number, number]

/** Lets a calm quarter hour in, and before it those that were in doubt: what ended by itself is how the network is. */
export function learnQuarter(watch: MakeupState, entry: Judged): void {
  watch.past.push(...(watch.doubt ?? []), entry)
  delete watch.doubt
  while ((watch.past[0]?.[0] ?? entry[0]) <= entry[0] - DAYS * QUARTERS_OF_DAY) watch.past.shift()
}

/** Keeps a quarter hour back until it is known whether water was lost in it. */
export function doubtQuarter(watch: MakeupState, entry: Judged): void {
  watch.doubt = [...(watch.doubt ?? []), entry].slice(-MAX_DOUBT)
}

/**
 * What make-up normally is at this hour, and how far from it it normally strays: against the same hour
 * of the last 7 days, or until there is one against everything but the last hour, the daily course and all.
 */
export function usualOf(
  watch: MakeupState,
  quarter: number,
): { readonly usual: number | undefined; readonly spread: number } {
  const sameHour: number[] = []
  const all: number[] = []
  for (const [number, corrected] of watch.past) {
    const apart = (quarter - number) % QUARTERS_OF_DAY
    if (quarter - number >= QUARTERS_OF_HOUR) all.push(corrected)
    const sameTime = apart <= 2 || apart >= QUARTERS_OF_DAY - 2
    if (sameTime && quarter - number > QUARTERS_OF_DAY / 2) sameHour.push(corrected)
  }
  if (all.length < ENOUGH_PAST) return { usual: undefined, spread: 0 }
  if (sameHour.length >= ENOUGH_SAME_HOUR) {
    const strayed = watch.past.map(([, , off]) => off)
    return { usual: median(sameHour), spread: robustSigma(strayed, 0) }
  }
  const usual = median(all)
  return { usual, spread: Math.max(robustSigma(all, usual), UNKNOWN_COURSE * Math.abs(usual)) }
}
