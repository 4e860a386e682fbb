import type { DeviceFault } from '#contract/vocabulary.ts'
import { WATCHED_SUBJECTS } from '#contract/coverage.ts'
import type { Instant } from '../instant.ts'
import type { PointAsset } from '../network/network.ts'

/** What can be watched: a cover, a well's chamber, a station's secondary side, water lost, a leak's place. */
export const SUBJECTS = WATCHED_SUBJECTS
export type Subject = (typeof SUBJECTS)[number]

const SIGNALS: Readonly<Record<Subject, readonly string[]>> = {
  cover: ['cover_tilt_deg', 'cover_open'],
  chamber: ['chamber_c', 'humidity_pct', 'water_level_m'],
  station: ['secondary_supply_mpa', 'secondary_return_mpa', 'secondary_supply_c'],
  loss: ['makeup_flow_t_h'],
  leak: ['pressure_mpa', 'primary_supply_mpa', 'primary_return_mpa'],
}

/** The subjects that a device at a point speaks of, each with its own signals for it. */
export function subjectsOf(
  point: Pick<PointAsset, 'kind' | 'network'>,
  signals: readonly string[],
): readonly { readonly subject: Subject; readonly signals: readonly string[] }[] {
  return SUBJECTS.flatMap((subject) => {
    const own = signals.filter((signal) => SIGNALS[subject].includes(signal))
    return own.length > 0 && isThere(subject, point) ? [{ subject, signals: own }] : []
  })
}

/** Make-up water tells of the whole network only at a source; a leak is located on the primary network. */
function isThere(subject: Subject, { kind, network }: Pick<PointAsset, 'kind' | 'network'>): boolean {
  if (subject === 'loss') return kind === 'source'
  if (subject === 'station') return kind === 'station'
  if (subject === 'leak') return network === 'primary'
  return kind === 'well'
}

/** Faults that leave nothing to believe; a weak battery or a wrong clock still tells the truth of the rest. */
const BLINDING: ReadonlySet<DeviceFault> = new Set([
  'silence',
  'stuck',
  'drift',
  'offset',
  'unit',
  'swapped',
  'range',
])

/** As much of a device's fault as tells what it leaves to believe. */
export interface Fault {
  readonly fault: DeviceFault
  readonly signal?: string
  readonly eventAt: Instant
}

/** The first fault that leaves nothing of a signal to believe, and since when; undefined: it can be believed. */
export function blindSince(
  faults: Iterable<Fault>,
  signal: string,
): { readonly since: Instant; readonly why: DeviceFault } | undefined {
  let first: { readonly since: Instant; readonly why: DeviceFault } | undefined
  for (const { fault, signal: of, eventAt } of faults) {
    if (!BLINDING.has(fault) || (of !== undefined && of !== signal)) continue
    if (first === undefined || eventAt < first.since) first = { since: eventAt, why: fault }
  }
  return first
}
