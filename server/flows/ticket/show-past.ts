import type { AssetHealth, PastBoard, Timeline } from '#contract/board.ts'
import { callView } from '../../domain/hotline/call.ts'
import { instantText, type Instant } from '../../domain/instant.ts'
import type { Network } from '../../domain/network/network.ts'
import { assess } from '../../domain/ticket/assessment.ts'
import { foldTicket } from '../../domain/ticket/evolve.ts'
import { incidentView } from '../../domain/ticket/incident-view.ts'
import { isDone } from '../../domain/ticket/ticket.ts'
import { ticketView } from '../../domain/ticket/ticket-view.ts'
import { watchingInSteps } from '../../domain/coverage/blind-spots.ts'
import { blindSince } from '../../domain/coverage/subjects.ts'
import type { Services, KnownFault, Period, TicketHistory } from '../decisions/decisions.ts'
import { inSlices, lastInSlices } from '../slices.ts'
import { currentNotices } from '../notice/publish-notice.ts'

/** More than a desk ever has open; bounds the work of one question. */
const MAX_TICKETS = 5000
const MAX_OPENINGS = 500
const BINS = 144

/**
 * The desk as it was known at `at`: tickets and incidents from what had been entered by then, clocks
 * reckoned at that instant, devices with the faults that the detector had told. Nothing later shows.
 * `hasSpoken`: of a device that has not to this day, it is certain that it had not then.
 */
export async function showBoardAt(
  services: Services,
  at: Instant,
  hasSpoken: (deviceId: string) => boolean,
): Promise<PastBoard> {
  const { read } = services.store
  const faults = await read.past.faults(at)
  const folded = (await read.past.tickets(at, MAX_TICKETS))
    .values()
    .map(({ id, events }): TicketHistory => ({ ticket: foldTicket(id, events), events }))
  const histories = (await inSlices(folded)).filter(({ ticket }) => !isDone(ticket))
  const incidents = await read.past.incidents(at)
  const callIds = new Set([
    ...histories.flatMap(({ ticket }) => ticket.calls.map(({ id }) => id)),
    ...incidents.flatMap(({ members }) => members.filter(({ type }) => type === 'call').map(({ id }) => id)),
  ])
  const calls = new Map((await read.calls.byIds([...callIds])).map((call) => [call.id, callView(call)]))
  const callsOf = (ids: readonly { readonly id: string }[]) => ids.flatMap(({ id }) => calls.get(id) ?? [])
  const tickets = Map.groupBy(
    histories.map(({ ticket }) => ticket),
    ({ incidentId }) => incidentId,
  )
  const ticketViews = await inSlices(
    histories
      .values()
      .map(({ ticket, events }) =>
        ticketView(assess(ticket, services.rules, at), { events, calls: callsOf(ticket.calls) }),
      ),
  )
  const incidentViews = await inSlices(
    incidents.values().map((incident) => {
      const known = { tickets: tickets.get(incident.id) ?? [], calls: callsOf(incident.members) }
      return incidentView(incident, known, services.rules, at)
    }),
  )
  return {
    at: instantText(at),
    tickets: [...ticketViews],
    incidents: [...incidentViews],
    notices: [...(await currentNotices(services, undefined, at))],
    assets: healthOf(services.network.current(), faults),
    blindPipeIds: await blindPipes(services.network.current(), faults, hasSpoken),
  }
}

/** What a time slider shows of a stretch: entries by bin, and every ticket opened. */
export async function showTimeline(services: Services, { from, to }: Period): Promise<Timeline> {
  const binMs = Math.max(1000, Math.ceil((to - from) / BINS / 1000) * 1000)
  const { past } = services.store.read
  const bins = Array.from({ length: Math.ceil((to - from) / binMs) }, () => 0)
  for (const { bin, events } of await past.activity({ from, to }, binMs)) bins[bin] = events
  const openings = await past.openings({ from, to }, MAX_OPENINGS)
  return {
    from: instantText(from),
    to: instantText(to),
    binSeconds: binMs / 1000,
    bins,
    openings: openings.map(({ at, ticket }) => ({
      at: instantText(at),
      ticketId: ticket.id,
      kind: ticket.kind,
      level: ticket.level,
    })),
  }
}

/** Pipes that nothing watched for leaks, by the network as it is now. */
async function blindPipes(
  network: Network,
  faults: readonly KnownFault[],
  hasSpoken: (deviceId: string) => boolean,
): Promise<string[]> {
  const byDevice = Map.groupBy(faults, ({ deviceId }) => deviceId)
  const steps = watchingInSteps(network, ({ id }, signal) =>
    hasSpoken(id) ? blindSince(byDevice.get(id) ?? [], signal) : { since: 0, why: 'never_heard' },
  )
  const { spots } = await lastInSlices(steps)
  return spots.flatMap(({ pipeIds }) => pipeIds)
}

/** An asset is silent when all of its devices were, and faulty when one of them was. */
function healthOf(network: Network, faults: readonly KnownFault[]): { id: string; health: AssetHealth }[] {
  const byDevice = Map.groupBy(faults, ({ deviceId }) => deviceId)
  const assetIds = new Set([...byDevice.keys()].flatMap((id) => network.devices.get(id)?.assetId ?? []))
  return [...assetIds].map((id) => {
    const devices = network.points.get(id)?.devices ?? []
    const silent = devices.every((device) =>
      byDevice.get(device.id)?.some(({ fault }) => fault === 'silence'),
    )
    return { id, health: silent ? 'silent' : 'fault' }
  })
}
