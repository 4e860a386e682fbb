import { refuse, type Refusal } from '#contract/problem.ts'
import { SECOND, type Instant } from '../instant.ts'
import type { Incident } from './incident.ts'

/** So long may who has acknowledged take it back: it was the wrong key, or the wrong row. */
const MAX_WITHDRAWAL_MS = 5 * SECOND

interface Acknowledger {
  readonly id: string
  readonly name: string
}

/** The incident as seen by somebody; the first who saw it stays named. No clock stops by it. */
export function acknowledge(incident: Incident, by: Acknowledger, at: Instant): Incident {
  const version = incident.version + 1
  if (incident.acknowledgedAt !== undefined) return { ...incident, version }
  return { ...incident, version, acknowledgedAt: at, acknowledgedBy: by.name, acknowledgedById: by.id }
}

/** The incident unseen again: one's own acknowledgement, within five seconds. That it was given stays known. */
export function withdraw(incident: Incident, by: Acknowledger, at: Instant): Incident | Refusal {
  const { acknowledgedAt, acknowledgedBy, acknowledgedById, ...bare } = incident
  if (acknowledgedAt === undefined)
    return refuse('wrong-state', { zh: '还没有人确认', en: 'nobody has acknowledged it' })
  if (acknowledgedById !== by.id)
    return refuse('not-your-right', {
      zh: '只能撤销自己的确认',
      en: 'only who acknowledged it can take that back',
    })
  if (at - acknowledgedAt > MAX_WITHDRAWAL_MS)
    return refuse('bad-time', {
      zh: '确认已超过 5 秒，不能再撤销',
      en: 'it was acknowledged more than 5 s ago and stays so',
    })
  const withdrawn = [...(incident.withdrawn ?? []), { acknowledgedAt, by: acknowledgedBy ?? by.name, at }]
  return { ...bare, version: incident.version + 1, withdrawn }
}
