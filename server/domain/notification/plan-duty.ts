import type { LocalizedText } from '#contract/text.ts'
import { DEPARTMENTS } from '#contract/vocabulary.ts'
import type { Instant } from '../instant.ts'
import type { Notification, Urgency } from './notification.ts'
import type { Rung } from './ladder.ts'
import { departmentOfRung } from './ladder.ts'

/** Something of duty that is told to people as well as to screens. */
export interface DutyNews {
  /** Names it among all: what is told twice leaves once. */
  readonly key: string
  readonly at: Instant
  readonly text: LocalizedText
  readonly clause: string
  readonly urgency: Urgency
  /** Whose roster it is; undefined where it concerns several. */
  readonly departmentId?: string
}

/** To the head whose roster it is, and to the duty lead of the dispatch centre. */
export function planDuty(news: DutyNews): readonly Notification[] {
  const { departmentId } = news
  const isOwn = departmentId !== undefined && departmentId !== DEPARTMENTS.dispatch
  const head = isOwn ? [tell(news, 'head', departmentId)] : []
  return [...head, tell(news, 'duty_lead', DEPARTMENTS.dispatch)]
}

function tell({ key, at, text, clause, urgency }: DutyNews, rung: Rung, departmentId: string): Notification {
  return {
    id: `duty.${key.replaceAll(/[^\w.-]+/g, '-')}.${rung}`,
    audience: 'people',
    to: { rung, departmentId: departmentOfRung(rung, departmentId) },
    urgency,
    text,
    reason: { zh: '值班须有人、电话须畅通', en: 'somebody is on duty and can be reached', clause },
    dueAt: at,
    exercise: false,
  }
}
