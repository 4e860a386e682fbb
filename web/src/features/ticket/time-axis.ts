const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Asia/Shanghai, so that cells begin on the local hour and day. */
const OFFSET = 8 * HOUR
/** Share of the width in which minutes are told apart; the hours have the rest. */
const FINE_SHARE = 0.56
const FINE_CELLS = [10, 15, 20, 30, 60, 120].map((minutes) => minutes * MINUTE)
const COARSE_CELLS = [1, 2, 4, 8, 12, 24, 48, 96, 168].map((hours) => hours * HOUR)
const MAX_FINE = 9
const MAX_COARSE = 8

interface Tick {
  readonly at: number
  readonly x: number
}

/** Two declared scales on one axis: minutes decide the arrival, hours decide the repair. x runs 0 … 1. */
export interface TimeAxis {
  readonly from: number
  readonly knee: number
  readonly to: number
  readonly kneeX: number
  readonly fineCellMs: number
  readonly coarseCellMs: number
  readonly ticks: readonly Tick[]
  readonly midnights: readonly Tick[]
  /** Instants outside the axis come to lie on its edge. */
  readonly x: (at: number) => number
}

export interface AxisSpan {
  /** When it began, the last instant that minutes should tell apart, and the last instant of all. */
  readonly begins: number
  readonly arrives: number
  readonly ends: number
}

/** An axis over a ticket's life; all instants in ms since the epoch. */
export function timeAxis({ begins, arrives, ends }: AxisSpan): TimeAxis {
  const lead = 20 * MINUTE
  const fineCellMs = cellFor(arrives - begins + 2 * lead, FINE_CELLS, MAX_FINE)
  const from = floorTo(begins - lead, fineCellMs)
  const knee = ceilTo(Math.max(arrives, begins) + lead / 2, fineCellMs)
  const rest = Math.max(ends - knee, HOUR)
  const coarseCellMs = cellFor(rest, COARSE_CELLS, MAX_COARSE)
  const to = ceilTo(knee + rest + coarseCellMs / 4, coarseCellMs)
  const x = (at: number): number => {
    if (at <= from) return 0
    if (at >= to) return 1
    if (at <= knee) return ((at - from) / (knee - from)) * FINE_SHARE
    return FINE_SHARE + ((at - knee) / (to - knee)) * (1 - FINE_SHARE)
  }
  const tick = (at: number): Tick => ({ at, x: x(at) })
  const fine = every(from, knee, fineCellMs).map(tick)
  const coarse = every(ceilTo(knee + coarseCellMs / 3, coarseCellMs), to, coarseCellMs).map(tick)
  return {
    from,
    knee,
    to,
    kneeX: FINE_SHARE,
    fineCellMs,
    coarseCellMs,
    x,
    ticks: [...fine, ...coarse],
    midnights: every(ceilTo(from + 1, DAY), to, DAY).map(tick),
  }
}

function cellFor(spanMs: number, cells: readonly number[], most: number): number {
  return cells.find((cell) => spanMs / cell <= most) ?? cells.at(-1) ?? spanMs
}
function floorTo(at: number, cell: number): number {
  return Math.floor((at + OFFSET) / cell) * cell - OFFSET
}
function ceilTo(at: number, cell: number): number {
  return Math.ceil((at + OFFSET) / cell) * cell - OFFSET
}
function every(from: number, to: number, step: number): number[] {
  const all: number[] = []
  for (let at = from; at < to; at += step) all.push(at)
  return all
}
