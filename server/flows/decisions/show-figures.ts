import type { Kpi, KpiGroup } from '#contract/kpi.ts'
import { LEVELS, TICKET_KINDS } from '#contract/vocabulary.ts'
import { hours } from '../../domain/duty/duty-view.ts'
import { seasonCoverage, seasonHours } from '../../domain/duty/gaps.ts'
import { alarmFigures, pastAlarmOf, type PastAlarm } from '../../domain/kpi/alarms.ts'
import { factOf, type CountedFact, type TicketFact } from '../../domain/kpi/fact.ts'
import { asTogether, measuredOf } from '../../domain/kpi/measured.ts'
import { figuresOf, share } from '../../domain/kpi/tally.ts'
import { instantText, type Instant } from '../../domain/instant.ts'
import { leadOf } from '../../domain/notice/notice.ts'
import { assess, type Assessment } from '../../domain/ticket/assessment.ts'
import { isDone, type Ticket } from '../../domain/ticket/ticket.ts'
import type { Services, Period, Transaction } from './decisions.ts'
import type { DutyRoster } from './duty-roster.ts'
import { inSlices } from '../slices.ts'

/** Keeps what the figures need of a ticket that is done, in the transaction that made it so. */
export async function keepFact({ repositories }: Transaction, assessment: Assessment): Promise<void> {
  const { ticket } = assessment
  const counts = isDone(ticket) && ticket.state !== 'merged' && !ticket.exercise
  if (counts) await repositories.figures.keep(ticket, factOf(assessment))
  else await repositories.figures.drop(ticket.id)
}

/** The figures of tickets opened in a period, as things stand now. */
export async function showFigures(
  services: Services,
  period: Period,
  { by, roster }: { readonly by?: KpiGroup; readonly roster?: DutyRoster } = {},
): Promise<Kpi> {
  const at = services.clock.now()
  const { figures } = services.store.read
  const open = (await figures.open(period)).filter(({ exercise }) => !exercise)
  const counted = await inSlices(open.values().map((ticket) => countedOf(ticket, services, at)))
  const facts = [...(await figures.facts(period)), ...counted]
  const leads = await figures.leads(period)
  const { policy } = services.rules
  const shown = {
    from: instantText(period.from),
    to: instantText(period.to),
    at: instantText(at),
    total: figuresOf(facts, leads, policy),
    notices: await noticesInTime(services, period),
    alarms: await alarmsOf(services, period),
    ...(roster === undefined ? {} : { roster: await coverageOfSeason(roster, period, at) }),
  }
  if (by === undefined) return shown
  const key = keyOf(by)
  const [ofFact, ofLead] = [Map.groupBy(facts, ({ fact }) => key(fact)), Map.groupBy(leads, key)]
  const names = namesOf(services, by, [...ofFact.keys(), ...ofLead.keys()])
  const groups = await inSlices(
    names
      .values()
      .map(({ id, name }) => ({
        id,
        name,
        figures: figuresOf(ofFact.get(id) ?? [], ofLead.get(id) ?? [], policy),
      })),
  )
  return { ...shown, by, groups: [...groups] }
}

function countedOf(ticket: Ticket, { rules }: Services, at: Instant): CountedFact {
  return { fact: factOf(assess(ticket, rules, at)), times: 1, measured: asTogether(measuredOf(ticket)) }
}

async function alarmsOf(services: Services, period: Period) {
  const { kinds } = services.rules.policy
  const past: PastAlarm[] = []
  for await (const incidents of services.store.read.incidents.openedIn(period))
    for (const incident of incidents) past.push(pastAlarmOf(incident, kinds[incident.kind].level))
  return alarmFigures(past, period, services.clock.now())
}

/** Notices that owe 48 hours and gave them; outages by a fault owe none (A26). */
async function noticesInTime(services: Services, period: Period) {
  const owed = (await services.store.read.figures.notices(period)).filter(
    ({ kind }) => kind !== 'fault_outage',
  )
  return share(owed.filter((notice) => !leadOf(notice, services.rules.policy).late).length, owed.length)
}

/** Coverage gaps of the season's rosters, hours; what lies ahead is no figure yet. */
async function coverageOfSeason(
  roster: DutyRoster,
  { from, to }: Period,
  at: Instant,
): Promise<NonNullable<Kpi['roster']>> {
  const [book, ids] = [roster.book(), roster.departmentIds()]
  const past = await inSlices(seasonHours(book, ids, { from, to: Math.min(to, at) }))
  const found = seasonCoverage(book, ids, past)
  return {
    neededHours: hours(found.neededHours),
    coveredHours: hours(found.coveredHours),
    missingHours: hours(found.missingHours),
    withoutRoster: [...found.withoutRoster],
  }
}

function keyOf(by: KpiGroup) {
  return (of: Pick<TicketFact, 'departmentId' | 'areaId' | 'kind' | 'level'>): string => {
    const { departmentId, areaId = '', kind, level } = of
    return { department: departmentId, area: areaId, kind, level }[by]
  }
}

/** Groups with something to count, in the order of their list, with their names. */
function namesOf(services: Services, by: KpiGroup, seen: readonly string[]) {
  const ids = new Set(seen)
  const { policy } = services.rules
  if (by === 'kind') {
    return TICKET_KINDS.filter((kind) => ids.has(kind)).map((id) => ({ id, name: policy.kinds[id].name }))
  }
  if (by === 'level') {
    return LEVELS.filter((level) => ids.has(level)).map((id) => ({ id, name: policy.levels[id].name }))
  }
  if (by === 'area') return areaNames(services, ids)
  const { departments } = services.network.current()
  return [...ids].sort().map((id) => {
    const name = departments.get(id)?.name ?? id
    return { id, name: { zh: name, en: name } }
  })
}

/** Areas by their places (A29); what has no place, or one in no area, comes last. */
function areaNames(services: Services, ids: ReadonlySet<string>) {
  const names = new Map(services.network.current().areas.map(({ id, name }) => [id, name]))
  const known = [...ids].filter((id) => id !== '').sort()
  const all = ids.has('') ? [...known, ''] : known
  return all.map((id) => {
    const name = names.get(id) ?? id
    return { id, name: id === '' ? { zh: '区域不明', en: 'no known area' } : { zh: name, en: name } }
  })
}

const AT_ONCE = 500

/** Tickets archived by an earlier version get their facts; nothing to do on every later start. */
export async function fillFacts(services: Services): Promise<void> {
  for (;;) {
    const at = services.clock.now()
    const done = await services.store.transact(async (repositories) => {
      const tickets = await repositories.figures.missing(AT_ONCE)
      for (const ticket of tickets) {
        await repositories.figures.keep(ticket, factOf(assess(ticket, services.rules, at)))
      }
      return tickets.length
    })
    if (done === 0) return
  }
}
