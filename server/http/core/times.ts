import { refuse, type Refusal } from '#contract/problem.ts'
import { DAY, parseInstant, type Instant } from '../../domain/instant.ts'
import { wrongInstant } from './shape.ts'

/** An instant of a query; a plus sign that was not escaped arrives as a space. */
export function queryInstant(text: string | undefined, name: string): Instant | undefined | Refusal {
  if (text === undefined) return undefined
  return parseInstant(text.replace(' ', '+')) ?? refuse('bad-request', wrongInstant(name))
}

/** A stretch of a query, bounded so that no answer grows without end. */
export function queryStretch(
  from: Instant,
  to: Instant,
  maxDays: number,
): { readonly from: Instant; readonly to: Instant } | Refusal {
  if (to <= from) return refuse('bad-request', { zh: 'to 须晚于 from', en: 'to must be later than from' })
  if (to - from > maxDays * DAY)
    return refuse('bad-request', {
      zh: `时段不能超过 ${String(maxDays)} 天`,
      en: `a query covers ${String(maxDays)} days at most`,
    })
  return { from, to }
}

/** An instant of a body, which the route's schema has checked. */
export function instantOf(text: string): Instant {
  const at = parseInstant(text)
  if (at === undefined) throw new Error(`not an instant of a checked body: ${text}`)
  return at
}

/** The named instants of such a body, as ms; what is not given is left out. */
export function bodyInstants<Name extends string>(
  body: Readonly<Partial<Record<Name, string | undefined>>>,
  ...names: readonly Name[]
): Partial<Record<Name, Instant>> {
  const found: Partial<Record<Name, Instant>> = {}
  for (const name of names) {
    const text = body[name]
    if (text !== undefined) found[name] = instantOf(text)
  }
  return found
}
