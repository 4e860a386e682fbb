import { isBlank } from '#contract/names.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import { rankOf, type Level } from '#contract/vocabulary.ts'
import { MINUTE, type Instant } from '../instant.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import type { Incident } from './incident.ts'

/** The longest shelving where the policy says nothing of it: half a day, so that every shift looks anew. */
const MAX_MINUTES = 12 * 60

/**
 * For how many minutes at most an incident of this level may be shelved; undefined where it may not: what is shelved
 * is understood and cannot be cleared yet, and an emergency of the highest level is never left alone.
 */
export function longestShelving(
  level: Level,
  { settings }: Pick<PolicyPack, 'settings'>,
): number | undefined {
  return rankOf(level) === 0 ? undefined : (settings.maxShelvingMinutes ?? MAX_MINUTES)
}

/**
 * The incident put aside until an instant, with who did it and why: it comes back by itself, and no clock of
 * its tickets stops. `maxMinutes` is the longest that is allowed; undefined where none is.
 */
export function shelve(
  incident: Incident,
  asked: { readonly until: Instant; readonly reason: string; readonly by: string },
  { at, maxMinutes }: { readonly at: Instant; readonly maxMinutes: number | undefined },
): Incident | Refusal {
  const { until, reason, by } = asked
  if (maxMinutes === undefined)
    return refuse('wrong-state', {
      zh: '最高等级的事件不能搁置',
      en: 'an incident of the highest level is not shelved',
    })
  if (isBlank(reason))
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
