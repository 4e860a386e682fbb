import type { ClockView } from '#contract/ticket.ts'
import type { Language } from '../base/i18n/dictionary.ts'
import { clockText, durationText, instantText } from '../base/i18n/time.ts'
import type { Dictionary } from '../base/i18n/texts.ts'

export interface ClockLine {
  /** `08:01:00 + 30分 = 08:31:00`; empty while the clock has not started. */
  readonly arithmetic: string
  readonly verdict: string
  /** Met in time: marked with a tick. */
  readonly kept: boolean
  readonly late: boolean
  readonly running: boolean
}

const MINUTE = 60_000

/** One clock in words: its arithmetic and what became of it, as of `now`. */
export function clockLine(
  clock: ClockView,
  now: number,
  language: Language,
  text: Pick<Dictionary, 'incident'>,
): ClockLine {
  const say = text.incident
  const base = {
    arithmetic: clockArithmetic(clock, now, language, text),
    kept: false,
    late: false,
    running: false,
  }
  if (clock.state === 'cancelled') return { ...base, verdict: say.cancelled }
  if (clock.startAt === undefined || clock.state === 'pending') {
    const due =
      clock.dueAt === undefined
        ? ''
        : ` · ${say.provisional(instantText(Date.parse(clock.dueAt), now, language))}`
    return { ...base, verdict: say.notStarted + due }
  }
  const start = Date.parse(clock.startAt)
  const due = dueOf(clock)
  if (clock.stoppedAt !== undefined) {
    const stopped = Date.parse(clock.stoppedAt)
    if (due !== undefined && stopped > due && clock.state === 'breached') {
      return { ...base, verdict: say.late(durationText(stopped - due, language)), late: true }
    }
    return { ...base, verdict: durationText(stopped - start, language), kept: true }
  }
  if (due === undefined)
    return { ...base, verdict: say.measured(durationText(now - start, language)), running: true }
  if (now > due)
    return { ...base, verdict: say.overdueBy(durationText(now - due, language)), late: true, running: true }
  return { ...base, verdict: say.left(durationText(due - now, language)), running: true }
}

function dueOf(clock: ClockView): number | undefined {
  const due = clock.extendedDueAt ?? clock.dueAt
  return due === undefined ? undefined : Date.parse(due)
}

/** `08:01:00 + 30分 = 08:31:00`, days as seen from `now`; empty while the clock has no due instant. */
export function clockArithmetic(
  clock: ClockView,
  now: number,
  language: Language,
  text: Pick<Dictionary, 'incident'>,
): string {
  if (clock.startAt === undefined || clock.dueAt === undefined) return ''
  const start = Date.parse(clock.startAt)
  const due = instantText(Date.parse(clock.dueAt), now, language)
  const parts: string[] = []
  if (clock.limitMinutes === undefined) parts.push(`${clockText(start)} → ${due}`)
  else
    parts.push(
      text.incident.arithmetic(
        instantText(start, now, language),
        limitText(clock.limitMinutes, language),
        due,
      ),
    )
  if (clock.excludedMinutes > 0)
    parts.push(text.incident.excludedReview(durationText(clock.excludedMinutes * MINUTE, language)))
  if (clock.extendedDueAt !== undefined) {
    parts.push(text.incident.extendedTo(instantText(Date.parse(clock.extendedDueAt), now, language)))
  }
  return parts.join(' · ')
}

/** A limit as the clause says it: `30分`, `4时`, never `4时00分`. */
export function limitText(minutes: number, language: Language): string {
  const [hour, minute] = language === 'zh' ? ['时', '分'] : ['\u00a0h', '\u00a0min']
  return minutes >= 60 && minutes % 60 === 0 ? `${minutes / 60}${hour}` : `${minutes}${minute}`
}
