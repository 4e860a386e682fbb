import { refuse, type Refusal } from '#contract/problem.ts'
import { DAY, parseInstant, type Instant } from '../../domain/instant.ts'

/** An instant of a query; a plus sign that was not escaped arrives as a space. */
export function queryInstant(text: string | undefined, name: string): Instant | undefined | Refusal {
  if (text === undefined) return undefined
  return (
    parseInstant(text.replace(' ', '+')) ??
    refuse('bad-request', { zh: `${name} 须为带时区的时间`, en: `${name} must be a time with its offset` })
  )
}

/** A stretch of a query, bounded so that no answer grows without end. */
export function queryStretch(
  from: Instant,
  to: Instant,
  mostDays: number,
): { readonly from: Instant; readonly to: Instant } | Refusal {
  if (to <= from) return refuse('bad-request', { zh: 'to 须晚于 from', en: 'to must lie after from' })
  if (to - from > mostDays * DAY)
    return refuse('bad-request', {
      zh: `时段不能超过 ${String(mostDays)} 天`,
      en: `no more than ${String(mostDays)} days at once`,
    })
  return { from, to }
}

/** The named instants of a body, as ms. */
export function bodyInstants<Name extends string>(
  body: Readonly<Partial<Record<Name, string>>>,
  ...names: readonly Name[]
): Partial<Record<Name, Instant>> | Refusal {
  const found: Partial<Record<Name, Instant>> = {}
  for (const name of names) {
    const text = body[name]
    if (text === undefined) continue
    const at = parseInstant(text)
    if (at === undefined)
      return refuse('bad-time', {
        zh: `${name} 须为带时区的时间`,
        en: `${name} must be a time with its offset`,
      })
    found[name] = at
  }
  return found
}
