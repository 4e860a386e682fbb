import Type from 'typebox'
import { KPI_GROUPS } from '#contract/kpi.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { figuresCsv } from '../../domain/kpi/csv.ts'
import { DAY, parseInstant, type Instant } from '../../domain/instant.ts'
import { dayStart, localDate } from '../../domain/policy/calendar.ts'
import type { RosterDesk } from '../../flows/duty/change-roster.ts'
import type { Period } from '../../flows/decisions.ts'
import { showFigures } from '../../flows/ticket/show-figures.ts'
import { actorOf, answer, type Http } from '../core/http.ts'

const Query = Type.Object({
  from: Type.Optional(
    Type.String({ maxLength: 40, description: 'instant or date; default 30 days before `to`' }),
  ),
  to: Type.Optional(
    Type.String({ maxLength: 40, description: 'instant, exclusive, or the last date; default today' }),
  ),
  by: Type.Optional(Type.Enum(KPI_GROUPS)),
})

const BY_DEFAULT_DAYS = 30
const MOST_DAYS = 3660

/** `GET /kpi`, `GET /kpi.csv`: the figures of policy.md §9. */
export function kpiRoutes({ desk, roster }: RosterDesk): (http: Http) => void {
  return (http) => {
    const schema = { schema: { querystring: Query } }
    http.get(ROUTES.kpi, schema, async (request, reply) => {
      actorOf(request)
      const period = readPeriod(request.query, desk.clock.now())
      if (isRefusal(period)) return answer(reply, period)
      return answer(reply, await showFigures(desk, period, { ...request.query, roster }))
    })
    http.get(ROUTES.kpiCsv, schema, async (request, reply) => {
      actorOf(request)
      const period = readPeriod(request.query, desk.clock.now())
      if (isRefusal(period)) return answer(reply, period)
      const name = `kpi-${localDate(period.from)}-${localDate(period.to - 1)}.csv`
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(
          figuresCsv(
            await showFigures(desk, period, { ...request.query, roster }),
            desk.rules.policy.clauses,
          ),
        )
    })
  }
}

function readPeriod(asked: { readonly from?: string; readonly to?: string }, at: Instant): Period | Refusal {
  const to = asked.to === undefined ? dayStart(at) + DAY : readBound(asked.to, 'last')
  if (to === undefined)
    return refuse('bad-request', {
      zh: 'to 须为日期或带时区的时间',
      en: 'to must be a date or a time with its offset',
    })
  const from = asked.from === undefined ? to - BY_DEFAULT_DAYS * DAY : readBound(asked.from, 'first')
  if (from === undefined)
    return refuse('bad-request', {
      zh: 'from 须为日期或带时区的时间',
      en: 'from must be a date or a time with its offset',
    })
  if (from >= to) return refuse('bad-request', { zh: 'from 须早于 to', en: 'from must lie before to' })
  return to - from > MOST_DAYS * DAY
    ? refuse('bad-request', { zh: '统计期间最长十年', en: 'figures cover ten years at most' })
    : { from, to }
}

/** A date is the whole local day: as the last one it ends with its midnight. */
function readBound(text: string, which: 'first' | 'last'): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return parseInstant(text.replace(' ', '+'))
  const day = parseInstant(`${text}T00:00:00+08:00`)
  return day === undefined || which === 'first' ? day : day + DAY
}
