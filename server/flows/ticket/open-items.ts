import type { AssetState } from '#contract/live.ts'
import { DEPARTMENTS, DEVICE_FAULTS, type DeviceFault } from '#contract/vocabulary.ts'
import type { OpenItem } from '../../domain/duty/handover.ts'
import type { Instant } from '../../domain/instant.ts'
import { headlineOf } from '../../domain/ticket/headline.ts'
import type { Ticket } from '../../domain/ticket/ticket.ts'
import type { Services, TicketHistory } from '../decisions/decisions.ts'
import type { OpenItems } from '../duty/hand-over.ts'

const FAULT_WORDS: Readonly<Record<DeviceFault, readonly [zh: string, en: string]>> = {
  stuck: ['数值卡死', 'stuck'],
  drift: ['漂移', 'drifting'],
  offset: ['偏差', 'offset'],
  spike: ['尖峰', 'spiking'],
  silence: ['失联', 'silent'],
  battery: ['电量低', 'battery low'],
  skew: ['时钟偏差', 'clock off'],
  unit: ['单位错误', 'wrong unit'],
  swapped: ['装反', 'swapped'],
  range: ['超量程', 'out of range'],
}

/**
 * What a shift hands to the next: its open tickets, suspicions in the gate (the dispatch centre's),
 * notices in force, and how many devices are at fault.
 */
export function openItemsOf(services: Services, assetStates: () => Iterable<AssetState>): OpenItems {
  return async (departmentId, at) => {
    const isDispatch = departmentId === DEPARTMENTS.dispatch
    const tickets = await openTickets(services, isDispatch ? undefined : departmentId)
    const notices = await services.store.read.notices.current(at)
    return [
      ...tickets
        .filter(({ ticket }) => isDispatch || ticket.state !== 'under_review')
        .map((history) => ticketItem(services, history, at)),
      ...notices.map(({ id, text, until }): OpenItem => ({
        kind: 'notice',
        id,
        text: { zh: `公告: ${text}`, en: `notice: ${text}` },
        ...(until === undefined ? {} : { dueAt: until }),
      })),
      ...faultItems(assetStates()),
    ]
  }
}

async function openTickets(
  services: Services,
  department: string | undefined,
): Promise<readonly TicketHistory[]> {
  const found: TicketHistory[] = []
  let cursor: string | undefined
  do {
    const page = await services.store.read.tickets.list({
      state: 'open',
      limit: 200,
      ...(department === undefined ? {} : { department }),
      ...(cursor === undefined ? {} : { cursor }),
    })
    found.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined)
  return found
}

function ticketItem(services: Services, { ticket }: TicketHistory, at: Instant): OpenItem {
  const { id, number, kind, level, address, assetId } = ticket
  const { zh, en } = services.rules.policy.kinds[kind].name
  const where = address ?? assetId ?? ''
  return {
    kind: isSuspicion(ticket) ? 'suspicion' : 'ticket',
    id,
    text: { zh: `${number} ${zh} ${where}`.trim(), en: `${number} ${en} ${where}`.trim() },
    level,
    dueAt: headlineOf(ticket, services.rules, at).dueAt,
  }
}

/** Raised by a sensor and not yet let through the gate. */
function isSuspicion({ source, state }: Ticket): boolean {
  return source === 'sensor' && state === 'under_review'
}

function faultItems(assets: Iterable<AssetState>): readonly OpenItem[] {
  const counts = new Map<DeviceFault, number>()
  for (const { devices } of assets) {
    for (const { faults } of devices) {
      for (const fault of new Set(faults.map((each) => each.fault))) {
        counts.set(fault, (counts.get(fault) ?? 0) + 1)
      }
    }
  }
  return DEVICE_FAULTS.flatMap((fault): readonly OpenItem[] => {
    const count = counts.get(fault)
    if (count === undefined) return []
    const [zh, en] = FAULT_WORDS[fault]
    const text = { zh: `设备${zh} ${String(count)} 台`, en: `${String(count)} devices ${en}` }
    return [{ kind: 'device_fault', id: fault, text }]
  })
}
