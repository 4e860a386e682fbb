import { refuse, type Refusal } from '#contract/problem.ts'
import { MINUTE, type Instant } from '../instant.ts'
import type { Incident } from './incident.ts'

/** The longest shelving where the policy says nothing of it: half a day, so that every shift looks anew. */
const MAX_MINUTES = 12 * 60

/**
 * The incident put aside until an instant, with who did it and why: it comes back by itself, and no clock of
 * its tickets stops. `maxMinutes` is the longest that the policy allows.
 */
export function shelve(
  incident: Incident,
  asked: { readonly until: Instant; readonly reason: string; readonly by: string },
  { at, maxMinutes = MAX_MINUTES }: { readonly at: Instant; readonly maxMinutes?: number },
): Incident | Refusal {
  const { until, reason, by } = asked
  if (reason.trim() === '')
    return refuse(
      'missing-field',
      { zh: '须填写搁置原因', en: 'say why the incident is shelved' },
      { missing: ['reason'] },
    )
  if (until <= at)
    return refuse('bad-time', {
      zh: '搁置的截止时间已过',
      en: 'the time until which it is shelved has passed',
    })
  if (until > at + maxMinutes * MINUTE) {
    const hours = String(Math.round(maxMinutes / 6) / 10)
    return refuse('bad-time', {
      zh: `一次最长搁置 ${hours} 小时`,
      en: `an incident is shelved for ${hours} hours at most`,
    })
  }
  return {
    ...incident,
    version: incident.version + 1,
    shelvedUntil: until,
    shelvedBy: by,
    shelvedReason: reason,
  }
}
