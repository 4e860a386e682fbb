import type { TicketKind } from '#contract/vocabulary.ts'
import type { DueRow, Origin } from './due-list.ts'

/** Fill of a symbol: solid unacknowledged, tinted acknowledged, hollow done. */
export type SymbolState = 'new' | 'ack' | 'done'
type Shape = 'leak' | 'steam' | 'cover' | 'call' | 'fault'

const SHAPES: Readonly<Record<TicketKind, Shape>> = {
  cover: 'cover',
  well_vent: 'steam',
  primary_leak: 'leak',
  indoor_leak: 'leak',
  hes_secondary: 'fault',
  not_hot: 'call',
  consult: 'call',
  complaint: 'call',
  help_other: 'call',
}

/** Hollow: the work is reported done, and the sensor has not cleared. */
export function symbolStateOf({ unacknowledged, standing }: DueRow): SymbolState {
  return unacknowledged ? 'new' : standing ? 'done' : 'ack'
}

/** Only what asks somebody here for an act blinks: an emergency that nobody has acknowledged. */
export function awaitsAct({ unacknowledged, ticket }: DueRow, mayAct: boolean): boolean {
  return mayAct && unacknowledged && (ticket.level === 'special' || ticket.level === 'first')
}

/** What sensors saw has the shape of its kind; what only a caller reported is a telephone. */
export function shapeOf(kind: TicketKind, origin: Origin): Shape {
  return origin === 'call' ? 'call' : SHAPES[kind]
}

/** The small second shape: a telephone on what sensors and callers share, the kind on a pure call. */
export function smallShapeOf(kind: TicketKind, origin: Origin): Shape | undefined {
  if (origin === 'joined') return 'call'
  if (origin === 'call' && SHAPES[kind] !== 'call') return SHAPES[kind]
  return undefined
}
