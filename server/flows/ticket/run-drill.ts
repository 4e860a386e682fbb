import { isBlank } from '#contract/names.ts'
import type { DrillReport, DrillView } from '#contract/drill.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import { isOn, type Drill } from '../../domain/hotline/drill.ts'
import { drillTicketOf, endOf, isOfDrill } from '../../domain/hotline/drill-report.ts'
import { instantText, MINUTE, type Instant } from '../../domain/instant.ts'
import { assetOf } from '../../domain/network/assets.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { Services, OnceKey } from '../decisions/decisions.ts'

/** Enough for years of rehearsals. */
const SHOWN = 100

interface Asked {
  readonly reason?: string
  readonly assetIds?: readonly string[]
  readonly until?: Instant
  readonly actor: Person
}

/** Begins a rehearsal (A45). It ends by itself, at the latest when a crew's check-in would. */
export async function beginDrill(
  services: Services,
  asked: Asked,
  once?: OnceKey,
): Promise<DrillView | Refusal> {
  const { actor, reason = '', assetIds = [] } = asked
  const noRight = refuseUnless(actor, 'run_drill')
  if (noRight !== undefined) return noRight
  const missing = [...(isBlank(reason) ? ['reason'] : []), ...(assetIds.length === 0 ? ['assetIds'] : [])]
  if (missing.length > 0)
    return refuse(
      'missing-field',
      { zh: `须填写: ${missing.join(', ')}`, en: `fill in: ${missing.join(', ')}` },
      { missing },
    )
  const network = services.network.current()
  const unknown = assetIds.find((id) => assetOf(network, id) === undefined)
  if (unknown !== undefined)
    return refuse('bad-value', { zh: `没有设施 ${unknown}`, en: `there is no facility ${unknown}` })
  const since = services.clock.now()
  const longest = since + services.rules.policy.settings.checkInMinutes * MINUTE
  const { until = longest } = asked
  if (until <= since) return refuse('bad-time', { zh: '截止时间已过', en: 'its end has passed already' })
  if (until > longest)
    return refuse('bad-time', {
      zh: `演练最晚至 ${instantText(longest)}`,
      en: `a drill ends at ${instantText(longest)} at the latest`,
    })
  const by = { id: actor.id, name: actor.name }
  const drill: Drill = { id: services.newId(), reason, assetIds, since, until, by }
  return decideTogether(
    services,
    async ({ repositories }) => {
      await repositories.drills.save(drill)
      return drillView(drill, since)
    },
    once,
  )
}

export async function endDrill(
  services: Services,
  { id, actor }: { readonly id: string; readonly actor: Person },
): Promise<{ readonly id: string } | Refusal> {
  const noRight = refuseUnless(actor, 'run_drill')
  if (noRight !== undefined) return noRight
  return decideTogether(services, async ({ repositories }) => {
    const at = services.clock.now()
    const drill = (await repositories.drills.on(at)).find((each) => each.id === id)
    if (drill === undefined)
      return refuse('not-found', { zh: '没有进行中的这次演练', en: 'this drill is not going on' })
    await repositories.drills.save({ ...drill, endedAt: at })
    return { id }
  })
}

export async function currentDrills(services: Services): Promise<readonly DrillView[]> {
  const at = services.clock.now()
  return (await services.store.read.drills.on(at)).map((drill) => drillView(drill, at))
}

/** Those that are over too, newest first. */
export async function allDrills(services: Services): Promise<readonly DrillView[]> {
  const at = services.clock.now()
  return (await services.store.read.drills.newest(SHOWN)).map((drill) => drillView(drill, at))
}

/** People's times in a drill, while it is on and ever after. */
export async function reportDrill(services: Services, id: string): Promise<DrillReport | Refusal> {
  const { read } = services.store
  const at = services.clock.now()
  const drill = await read.drills.load(id)
  if (drill === undefined) return refuse('not-found', { zh: `没有演练 ${id}`, en: `there is no drill ${id}` })
  const ids = await read.drills.ticketIds({ from: drill.since, to: endOf(drill) })
  const histories = (await read.tickets.loadAll(ids)).filter(({ ticket }) => isOfDrill(ticket, drill))
  const tickets = histories.map((history) => {
    const { openedAt, steps, clocks, ...rest } = drillTicketOf(history, services.rules, at)
    return { ...rest, openedAt: instantText(openedAt), steps: [...steps], clocks: [...clocks] }
  })
  return { drill: drillView(drill, at), tickets }
}

function drillView(drill: Drill, at: Instant): DrillView {
  const { id, reason, assetIds, since, until, endedAt, by } = drill
  return {
    id,
    reason,
    assetIds: [...assetIds],
    since: instantText(since),
    until: instantText(until),
    ...(endedAt === undefined ? {} : { endedAt: instantText(endedAt) }),
    isOn: isOn(drill, at),
    by: { ...by },
  }
}
