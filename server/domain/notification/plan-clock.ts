import { MINUTE } from '../instant.ts'
import { ruleFor } from '../ticket/clock.ts'
import type { EventOf } from '../ticket/event.ts'
import { ACTING, escalationOf, rungAbove } from './ladder.ts'
import type { Urgency } from './notification.ts'
import { reason, shortTime, type Planning, type Tell } from './tell.ts'

/**
 * Warnings and breaches climb the ladder: the one who has to act hears of every step, and with each step
 * one rung higher, 特级 two. Amber and advisory clocks warn the one who acts alone and rise by one rung at
 * the breach; measured ones tell nobody.
 */
export function planClock(event: EventOf<'warned'> | EventOf<'breached'>, on: Planning): readonly Tell[] {
  const { ticket, policy } = on
  const rule = ruleFor(policy, ticket.kind, event.data.clock)
  if (rule.breach === 'measured') return []
  const acting = ACTING[rule.stop]
  const step = stepOf(event, on)
  const isUrgent = rule.severity === 'red' && rule.breach === 'breach'
  const skipped = escalationOf(policy).skippedRungs[ticket.level] ?? 0
  const steps = isUrgent ? step * (1 + skipped) : event.type === 'breached' ? 1 : 0
  const said = { urgency: urgencyOf(event, isUrgent, on), text: wordsOf(event, on) }
  const climbed = rungAbove(acting, steps)
  const first: Tell = { ...said, rung: acting, reason: actingReason(rule.clause) }
  return climbed === acting
    ? [first]
    : [first, { ...said, rung: climbed, reason: climbReason(step, skipped) }]
}

/** 0 for the first warning, one more for each further, the breach after the last. */
function stepOf(
  { type, data }: EventOf<'warned'> | EventOf<'breached'>,
  { ticket, policy }: Planning,
): number {
  const { warnAtPercent, warnShortAtPercent, shortLimitMinutes } = policy.settings
  const { limitBy, limitMinutes = Infinity } = ruleFor(policy, ticket.kind, data.clock)
  const isShort = limitBy === 'minutes' && limitMinutes <= shortLimitMinutes
  const warnings = isShort ? warnShortAtPercent : warnAtPercent
  if (type === 'breached') return warnings.length + (data.step === 'extended' ? 1 : 0)
  return Math.max(warnings.indexOf(Number(data.step)), 0)
}

function urgencyOf(
  { type }: EventOf<'warned'> | EventOf<'breached'>,
  isUrgent: boolean,
  { ticket }: Planning,
): Urgency {
  if (type === 'breached') return isUrgent ? 'alarm' : 'soon'
  return isUrgent && ticket.level === 'special' ? 'alarm' : 'soon'
}

function wordsOf(event: EventOf<'warned'> | EventOf<'breached'>, { policy }: Planning) {
  const { clock, step, dueAt } = event.data
  const { zh, en } = policy.clocks[clock].name
  if (event.type === 'breached') {
    const due = shortTime(event.data.dueAt)
    return { zh: `“${zh}”已超时,时限 ${due}`, en: `overdue: ${en}, was due ${due}` }
  }
  if (step === 'plan_missing') {
    const hours = policy.settings.planAutoStartMinutes / 60
    return {
      zh: `到场 ${String(hours)} 小时仍无抢修方案,修复时限开始计时`,
      en: `no repair plan ${String(hours)} h after arrival, the repair clock has started`,
    }
  }
  if (dueAt === undefined) return { zh: `“${zh}”预警`, en: `warning: ${en}` }
  const left = Math.max(0, Math.round((dueAt - event.occurredAt) / MINUTE))
  return {
    zh: `“${zh}”剩余 ${minutesText(left, '小时', '分钟')},时限 ${shortTime(dueAt)}`,
    en: `${en}: ${minutesText(left, 'h', 'min')} left, due ${shortTime(dueAt)}`,
  }
}

/** A length of whole minutes in words: `3 小时 20 分钟` with the words of a language for its units. */
export function minutesText(minutes: number, hour: string, minute: string): string {
  const [h, m] = [Math.floor(minutes / 60), minutes % 60]
  if (h === 0) return `${String(m)} ${minute}`
  return m === 0 ? `${String(h)} ${hour}` : `${String(h)} ${hour} ${String(m)} ${minute}`
}

function actingReason(clause: string) {
  return reason('由您负责完成', 'this is yours to do', { clause })
}

function climbReason(step: number, skipped: number) {
  const zh = skipped > 0 ? `第 ${String(step + 1)} 步提醒,越级上报` : `第 ${String(step + 1)} 步提醒,逐级上报`
  const en =
    skipped > 0 ? `step ${String(step + 1)}, rungs skipped` : `step ${String(step + 1)}, one rung higher`
  return reason(zh, en, 'I')
}
