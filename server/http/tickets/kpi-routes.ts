import Type from 'typebox'
import { KPI_GROUPS } from '#contract/kpi.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { figuresCsv } from '../../domain/kpi/csv.ts'
import { DAY, parseInstant, type Instant } from '../../domain/instant.ts'
import { dayStart, localDate } from '../../domain/policy/calendar.ts'
import type { RosterServices } from '../../flows/duty/change-roster.ts'
import type { Period } from '../../flows/decisions/decisions.ts'
import { showFigures } from '../../flows/decisions/show-figures.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { queryStretch } from '../core/times.ts'

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
const MAX_DAYS = 3660

/** `GET /kpi`, `GET /kpi.csv`: the figures of a period. */
export function kpiRoutes({ services, roster }: RosterServices): (http: Http) => void {
  return (http) => {
    const schema = { schema: { querystring: Query } }
    http.get(ROUTES.kpi, schema, async (request, reply) => {
      actorOf(request)
      const period = readPeriod(request.query, services.clock.now())
      if (isRefusal(period)) return answer(reply, period)
      return answer(reply, await showFigures(services, period, { ...request.query, roster }))
    })
    http.get(ROUTES.kpiCsv, schema, async (request, reply) => {
      actorOf(request)
      const period = readPeriod(request.query, services.clock.now())
      if (isRefusal(period)) return answer(reply, period)
      const name = `kpi-${localDate(period.from)}-${localDate(period.to - 1)}.csv`
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(
          figuresCsv(
            await showFigures(services, period, { ...request.query, roster }),
            services.rules.policy.clauses,
          ),
        )
    })
  }
}

function readPeriod(asked: { readonly from?: string; readonly to?: string }, at: Instant): Period | Refusal {
  const to = asked.to === undefined ? dayStart(at) + DAY : readBound(asked.to, 'last')
  if (to === undefined) return refuseBound('to')
  const from = asked.from === undefined ? to - BY_DEFAULT_DAYS * DAY : readBound(asked.from, 'first')
  if (from === undefined) return refuseBound('from')
  return queryStretch(from, to, MAX_DAYS)
}

function refuseBound(name: string): Refusal {
  return refuse('bad-request', {
    zh: `${name} 须为日期或带时区的时间,在 2000 至 2100 年之间`,
    en: `${name} must be a date or a time with its offset, in the years 2000 to 2100`,
  })
}

/** A date is the whole local day: as the last one it ends with its midnight. */
function readBound(text: string, which: 'first' | 'last'): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return parseInstant(text.replace(' ', '+'))
  const day = parseInstant(`${text}T00:00:00+08:00`)
  return day === undefined || which === 'first' ? day : day + DAY
}
