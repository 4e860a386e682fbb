import type { ClockView, TicketView } from '#contract/ticket.ts'
import type { Level, TicketKind } from '#contract/vocabulary.ts'
import type { DueRow, Origin } from '../../model/due-list.ts'
import { isoText } from '../../base/i18n/time.ts'

const MINUTE = 60_000

interface Sample {
  readonly id: string
  readonly kind: TicketKind
  readonly level: Level
  readonly origin: Origin
  readonly unacknowledged?: boolean
  /** Minutes since the clock began, and of its limit; undefined: no clock runs. */
  readonly clock?: readonly [number, number]
}

const SAMPLES: readonly Sample[] = [
  { id: 'alarm', kind: 'cover', level: 'special', origin: 'sensor', unacknowledged: true, clock: [1, 10] },
  { id: 'new', kind: 'primary_leak', level: 'first', origin: 'joined', unacknowledged: true, clock: [6, 10] },
  { id: 'over', kind: 'hes_secondary', level: 'first', origin: 'sensor', clock: [65, 40] },
  { id: 'late', kind: 'well_vent', level: 'first', origin: 'sensor', clock: [25, 30] },
  { id: 'half', kind: 'complaint', level: 'second', origin: 'call', clock: [60, 100] },
  { id: 'calm', kind: 'not_hot', level: 'third', origin: 'call', clock: [20, 600] },
  { id: 'still', kind: 'consult', level: 'third', origin: 'call' },
]

/** Every look of a row, with clocks that stand where each step begins. */
export function sampleRows(now: number, department: string): readonly DueRow[] {
  return SAMPLES.map((sample) => {
    const next = sample.clock === undefined ? undefined : nextOf(sample.clock, now)
    return {
      ticket: { ...ticketOf(sample, now, department), clocks: next === undefined ? [] : [next.clock] },
      incident: undefined,
      next,
      origin: sample.origin,
      unacknowledged: sample.unacknowledged ?? false,
      standing: false,
    }
  })
}

function nextOf([since, limit]: readonly [number, number], now: number) {
  const startMs = now - since * MINUTE
  const dueMs = startMs + limit * MINUTE
  const clock: ClockView = {
    key: 'arrive',
    clause: '',
    startEvent: 'dispatch',
    severity: 'red',
    state: 'running',
    startAt: isoText(startMs),
    dueAt: isoText(dueMs),
    limitMinutes: limit,
    excludedMinutes: 0,
  }
  return { clock, startMs, dueMs }
}

function ticketOf({ id, kind, level }: Sample, now: number, department: string): TicketView {
  return {
    id: `sample-${id}`,
    number: 'GW-00000000-000',
    version: 1,
    kind,
    level,
    source: 'sensor',
    state: 'dispatched',
    openedAt: isoText(now - 3 * MINUTE),
    address: 'J-142',
    department: { id: 'sample', name: department, rule: 'primary_in_service', why: '' },
    dueProvisional: false,
    clocks: [],
    events: [],
    calls: [],
    extensions: [],
    crewIds: [],
    returnCount: 0,
    offers: [],
    flags: [],
    exercise: false,
  }
}
