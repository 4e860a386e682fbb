import type { ClockView } from '#contract/ticket.ts'
import type { Language } from '../../base/i18n/dictionary.ts'
import { durationText } from '../../base/i18n/time.ts'

export interface Verdict {
  readonly kind: 'met' | 'late' | 'overdue' | 'running' | 'pending' | 'cancelled'
  readonly late: boolean
  /** How long it took, how much too long, or how long is left. */
  readonly by: string
}

/** What paper says of one clock at `now`. An extension moves the limit, a breach before it stays a breach. */
export function verdictOf(clock: ClockView, now: number, language: Language): Verdict {
  const at = (iso: string | undefined): number | undefined =>
    iso === undefined ? undefined : Date.parse(iso)
  const [start, stop] = [at(clock.startAt), at(clock.stoppedAt)]
  const due = at(clock.extendedDueAt) ?? at(clock.dueAt)
  const span = (ms: number): string => durationText(ms, language)
  if (clock.state === 'cancelled' || start === undefined)
    return { kind: clock.state === 'cancelled' ? 'cancelled' : 'pending', late: false, by: '' }
  const broken = at(clock.breachedAt)
  if (stop !== undefined) {
    if (broken === undefined) return { kind: 'met', late: false, by: span(stop - start) }
    return { kind: 'late', late: true, by: span(stop - broken) }
  }
  if (broken !== undefined) return { kind: 'overdue', late: true, by: span(now - broken) }
  return { kind: 'running', late: false, by: due === undefined ? '' : span(due - now) }
}
