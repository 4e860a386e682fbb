import { isPast, type Instant } from '../instant.ts'

/** What moves a due instant: time under review (A16), an effective extension, another level (A2). */
export type DueChange =
  | { readonly kind: 'exclude'; readonly at: Instant; readonly until: Instant }
  | { readonly kind: 'extend'; readonly at: Instant; readonly dueAt: Instant }
  | { readonly kind: 'relimit'; readonly at: Instant; readonly byMs: number }

export interface Reckoned {
  readonly dueAt: Instant
  readonly extendedDueAt?: Instant
  readonly excludedMs: number
  readonly breaches: readonly Instant[]
}

/**
 * Walks a limit from its first due instant to `end` (the stop, or as far as time has come). On time if end
 * ≤ due. What comes after a breach cannot undo it: review time after it is not excluded, and a late
 * extension sets a new due instant beside the breach.
 */
export function reckon(firstDue: Instant, changes: readonly DueChange[], end: Instant): Reckoned {
  let dueAt = firstDue
  let extendedDueAt: Instant | undefined
  let excludedMs = 0
  const breaches: Instant[] = []
  const inForce = (): Instant => extendedDueAt ?? dueAt
  const passed = (at: Instant): boolean => {
    if (!isPast(inForce(), at)) return false
    if (breaches.at(-1) !== inForce()) breaches.push(inForce())
    return true
  }

  for (const change of [...changes].sort((a, b) => a.at - b.at)) {
    if (change.at > end) break
    const late = passed(change.at)
    if (change.kind === 'extend') {
      extendedDueAt = Math.max(change.dueAt, inForce())
      continue
    }
    if (change.kind === 'relimit') {
      dueAt += change.byMs
      continue
    }
    if (late) continue
    const ms = Math.min(change.until, end) - change.at
    excludedMs += ms
    if (extendedDueAt === undefined) dueAt += ms
    else extendedDueAt += ms
  }
  passed(end)
  return { dueAt, excludedMs, breaches, ...(extendedDueAt === undefined ? {} : { extendedDueAt }) }
}
