import type { WatchedThing } from '#contract/vocabulary.ts'
import type { EventOf } from '../ticket/event.ts'
import type { Rung } from './ladder.ts'
import { INFERRED } from './notification.ts'
import { reason, shortTime, tellEach, type Tell, type Why } from './tell.ts'

interface Words {
  readonly rungs: readonly Rung[]
  readonly zh: string
  readonly en: string
  readonly cites: Why['cites']
}

const WORDS: Readonly<Record<WatchedThing, Words>> = {
  safety_missing: {
    rungs: ['crew', 'deputy'],
    zh: '到场后仍未登记安全措施',
    en: 'no safety measures logged since arrival',
    cites: INFERRED,
  },
  review_late: { rungs: ['duty_lead'], zh: '回单待审核已超期', en: 'the review is overdue', cites: INFERRED },
  appointment_near: {
    rungs: ['crew'],
    zh: '约定上门时间将到',
    en: 'an appointment is near',
    cites: INFERRED,
  },
  progress_due: {
    rungs: ['duty_lead'],
    zh: '热点、难点问题久无进展,请向接办部门询问',
    en: 'no news of a hot matter, ask the unit how it stands',
    cites: 'remind',
  },
  outage_to_report: {
    rungs: ['service_leader', 'duty_lead'],
    zh: '停热已达法定告知、报告时限(法规条款以核实为准)',
    en: 'heat off so long that the law wants residents informed and a report (to be verified)',
    cites: INFERRED,
  },
  outage_to_compensate: {
    rungs: ['service_leader', 'duty_lead'],
    zh: '停热已达法定补偿时限(法规条款以核实为准)',
    en: 'heat off so long that the law grants compensation (to be verified)',
    cites: INFERRED,
  },
  appointment_missed: {
    rungs: ['crew', 'deputy'],
    zh: '错过约定上门时间',
    en: 'an appointment was missed',
    cites: INFERRED,
  },
}

/** What has no limit of its own and is still to be looked at: told to those who can, never an alarm. */
export function planWatched({ data }: EventOf<'watched'>): readonly Tell[] {
  const { rungs, zh, en, cites } = WORDS[data.what]
  const at = shortTime(data.dueAt)
  return tellEach(rungs, {
    urgency: 'soon',
    text: { zh: `${zh}(${at})`, en: `${en} (${at})` },
    reason: reason('约定与安全须留意', 'promises and safety are watched', cites),
  })
}
