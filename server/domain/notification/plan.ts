import { MINUTE } from '../instant.ts'
import type { Assessment } from '../ticket/assessment.ts'
import type { EventOf, TicketEvent } from '../ticket/event.ts'
import { escalationOf } from './ladder.ts'
import { INFERRED, type Notification } from './notification.ts'
import { planClock } from './plan-clock.ts'
import { planDesk } from './plan-desk.ts'
import { planReport } from './plan-report.ts'
import { planWatched } from './plan-watched.ts'
import { notificationOf, oneLine, reason, shortTime, type Planning, type Tell } from './tell.ts'

/**
 * Who is told of one event of a ticket, and why. `after` is the ticket after the event.
 * Pure and repeatable: the same event gives the same notifications with the same ids.
 */
export function planNotifications(after: Assessment, event: TicketEvent): readonly Notification[] {
  const { ticket, rules, headline } = after
  const on: Planning = { ticket, policy: rules.policy, dueAt: headline.dueAt }
  return tellsOf(event, on).map((tell) => notificationOf(tell, event, on))
}

function tellsOf(event: TicketEvent, on: Planning): readonly Tell[] {
  switch (event.type) {
    case 'opened':
      return planOpened(on)
    case 'auto_dispatched':
    case 'dispatch':
      return planDispatch(event, on)
    case 'assign':
      return [job(on)]
    case 'deemed_accepted':
      return [deemed()]
    case 'warned':
    case 'breached':
      return planClock(event, on)
    case 'watched':
      return planWatched(event)
    case 'arrive':
    case 'contact_facility':
    case 'restore':
    case 'submit':
    case 'unfounded':
      return planReport(event, on)
    default:
      return planDesk(event)
  }
}

/** A ticket that waits in the gate is heard of at once when its level would go out by itself (A3). */
function planOpened({ ticket, policy }: Planning): readonly Tell[] {
  if (ticket.state !== 'under_review' || !policy.levels[ticket.level].atOnce) return []
  const text = { zh: '待审核派单', en: 'waits for the check and for dispatch' }
  return [
    {
      rung: 'duty_lead',
      urgency: 'alarm',
      text,
      reason: reason('后台审核后派单', 'checked, then dispatched', 'approve'),
    },
  ]
}

/** The deputy head receives it; the duty crew hears of an emergency in the same instant. */
function planDispatch(
  event: EventOf<'auto_dispatched'> | EventOf<'dispatch'>,
  on: Planning,
): readonly Tell[] {
  const { ticket, policy, dueAt } = on
  const { emergency } = policy.kinds[ticket.kind]
  const minutes = policy.settings.deemedAcceptMinutes
  const text = {
    zh: `已派${oneLine(event.data.departmentName, 40)},请 ${String(minutes)} 分钟内接单,时限 ${shortTime(dueAt)}`,
    en: `sent to ${oneLine(event.data.departmentName, 40)}, accept within ${String(minutes)} min, due ${shortTime(dueAt)}`,
  }
  const urgency = emergency ? 'alarm' : 'soon'
  const received = reason('副部长接办', 'the deputy head receives it', 'accept')
  const heard = reason('抢险人员第一时间接到通知', 'emergency crews are told first', 'roster')
  const tells: Tell[] = [{ rung: 'deputy', urgency, text, reason: received }]
  if (emergency) tells.push({ rung: 'crew', urgency, text, reason: heard })
  return event.type === 'dispatch' ? [...tells, ...unanswered(event, on)] : tells
}

/** A31: a call that nobody answered reaches the dispatch centre's duty lead, unless it is taken meanwhile. */
function unanswered({ data }: EventOf<'dispatch'>, { policy }: Planning): readonly Tell[] {
  if (data.channel !== 'phone' || data.answered !== false) return []
  const callee = oneLine(data.callee ?? '', 40)
  const minutes = escalationOf(policy).unansweredMinutes
  return [
    {
      rung: 'duty_lead',
      urgency: 'alarm',
      text: {
        zh: `电话派单无人接听(${callee}),${String(minutes)} 分钟仍未接单`,
        en: `nobody answered the phone (${callee}), not accepted after ${String(minutes)} min`,
      },
      reason: reason('派单电话无人接听', 'the phoned order was not answered', INFERRED),
      delayMs: minutes * MINUTE,
      unless: 'accepted',
    },
  ]
}

function job({ ticket, policy, dueAt }: Planning): Tell {
  const text = { zh: `已转您办理,时限 ${shortTime(dueAt)}`, en: `passed to you, due ${shortTime(dueAt)}` }
  const urgency = policy.kinds[ticket.kind].emergency ? 'alarm' : 'soon'
  return { rung: 'crew', urgency, text, reason: reason('转给接工人员', 'passed to the crew', 'assign') }
}

function deemed(): Tell {
  return {
    rung: 'deputy',
    urgency: 'alarm',
    text: {
      zh: '超时未接单,视为已接单,时限照常计算',
      en: 'not accepted in time, deemed accepted, its clocks run',
    },
    reason: reason('应按时接收工单', 'a ticket is to be accepted in time', 'accept'),
  }
}
