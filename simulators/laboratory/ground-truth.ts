import type { DeviceFault, TicketKind } from '#contract/vocabulary.ts'
import { faultById } from '../faults/catalogue.ts'
import { SHANGHAI_OFFSET } from '../time.ts'
import type { LabEvent } from './scenario.ts'
import type { Season } from './season.ts'

/** What a detector should say of an event; neither: nothing at all. */
export interface Expected {
  readonly ticketKind?: TicketKind
  readonly deviceFault?: DeviceFault
}

export function expectedOf(event: LabEvent): Expected {
  switch (event.kind) {
    case 'leak':
      return { ticketKind: 'primary_leak' }
    case 'well-leak':
      return { ticketKind: 'well_vent' }
    case 'secondary-leak':
      return { ticketKind: 'hes_secondary' }
    case 'cover':
    case 'works':
      return { ticketKind: 'cover' }
    case 'fault': {
      const deviceFault = faultById(event.fault)?.expected
      return deviceFault === undefined ? {} : { deviceFault }
    }
    default:
      return {}
  }
}

/** The ground truth of a season, to be kept beside its readings. */
export function truthOf({ events, from, to, volumeM3 }: Season): object {
  return {
    from: clock(from),
    to: clock(to),
    volumeM3: Math.round(volumeM3),
    events: events.map(({ startH: _, hours: __, from: begin, until, ...event }) => ({
      from: clock(begin),
      until: clock(until),
      ...event,
      expected: expectedOf(event as LabEvent),
    })),
  }
}

function clock(at: number): string {
  return `${new Date(at + SHANGHAI_OFFSET).toISOString().slice(0, 19)}+08:00`
}
