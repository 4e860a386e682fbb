import type { IncidentView } from '#contract/incident.ts'
import type { CallView } from '#contract/hotline.ts'
import type { ClockView, TicketEventView, TicketView } from '#contract/ticket.ts'

export function aClock(change: Partial<ClockView> = {}): ClockView {
  return {
    key: 'arrive',
    clause: '第八条3(1)',
    startEvent: 'dispatch',
    startAt: '2026-01-15T22:43:10+08:00',
    limitMinutes: 30,
    excludedMinutes: 0,
    dueAt: '2026-01-15T23:13:10+08:00',
    severity: 'red',
    state: 'running',
    ...change,
  }
}

export function aTicket(change: Partial<TicketView> = {}): TicketView {
  return {
    id: 't1',
    number: 'GW-20260115-001',
    version: 1,
    kind: 'cover',
    level: 'special',
    source: 'sensor',
    state: 'dispatched',
    openedAt: '2026-01-15T22:43:00+08:00',
    department: { id: 'network-ops', name: '管网运行部', rule: 'primary_in_service', why: '已投运' },
    dueProvisional: false,
    clocks: [aClock()],
    events: [],
    calls: [],
    extensions: [],
    crewIds: [],
    returnCount: 0,
    flags: [],
    exercise: false,
    offers: [],
    ...change,
  }
}

export function anIncident(change: Partial<IncidentView> = {}): IncidentView {
  return {
    id: 'i1',
    kind: 'cover',
    level: 'special',
    state: 'confirmed',
    confidence: 3,
    openedAt: '2026-01-15T22:43:00+08:00',
    eventAt: '2026-01-15T22:43:00+08:00',
    assetIds: ['j-1'],
    located: true,
    location: { candidates: [] },
    evidence: [],
    members: [],
    ticketIds: ['t1'],
    calls: [],
    exercise: false,
    ...change,
  }
}

export function aCall(change: Partial<CallView> = {}): CallView {
  return {
    id: 'c1',
    kind: 'cover',
    contact: 'help',
    source: 'phone',
    address: '滨河路',
    hot: false,
    receivedAt: '2026-01-15T22:43:00+08:00',
    enteredAt: '2026-01-15T22:43:00+08:00',
    callerPhone: '13800000000',
    firstResponder: { id: 'operator', name: '热线员' },
    ...change,
  }
}

export function anEvent(
  type: TicketEventView['type'],
  data: TicketEventView['data'] = {},
  id: string = crypto.randomUUID(),
): TicketEventView {
  const at = '2026-01-15T22:50:00+08:00'
  const actor = { kind: 'person', id: 'someone', name: '某人' } as const
  return { id, type, occurredAt: at, enteredAt: at, actor, data }
}
