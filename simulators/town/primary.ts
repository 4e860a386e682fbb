import { between } from '../seeded-random.ts'
import type { Draft } from './draft.ts'
import type { Place } from './ground.ts'
import { alongLine, distance, lengthOf, placeAt, stretch } from './ground.ts'
import type { BranchPlan, StationPlan, TrunkPlan } from './plan.ts'
import { BRANCHES, ESTATES, SOURCE_PLACE, THIRD_PARTIES, TRUNKS, TRUNK_VALVES } from './plan.ts'

const PRIMARY_ZONE = 'primary-1'
/** Wells stand at most this far apart, in units of 5 m. */
const WELL_SPACING = 26
const BRANCH_VALVE_AT = 15
const STATION_OFFSET = 12
const W_PER_M2 = 45
/** Water gives up about 55 K in a station: 4.19 kJ/kgK. */
const TONNES_PER_MWH = 3600 / (4.19 * 55)

type Line = TrunkPlan | BranchPlan
type MarkKind = 'source' | 'station' | 'well' | 'valve' | 'tie'
interface Mark {
  readonly along: number
  readonly kind: MarkKind
  readonly station?: StationPlan
}

interface Counters {
  well: number
  valve: number
  pipe: number
}

/** Draws source, trunks, branches, wells, valves and stations of the primary network. */
export function drawPrimary(draft: Draft, seed: number): void {
  const counters = { well: 0, valve: 0, pipe: 0 }
  for (const line of [...TRUNKS, ...BRANCHES]) drawLine(draft, seed, { line, counters })
}

function drawLine(draft: Draft, seed: number, job: { line: Line; counters: Counters }): void {
  const { line, counters } = job
  const marks = withWells(marksOf(line))
  let previous: { id: string; along: number } | undefined
  for (const mark of marks) {
    const id = drawMark(draft, seed, { line, mark, counters })
    if (previous !== undefined) {
      draft.pipe(stretch(line.line, previous.along, mark.along), {
        ...pipeOf(line, (counters.pipe += 1)),
        from: previous.id,
        to: id,
      })
    }
    if (mark.station !== undefined && mark.kind === 'well') {
      const place = aside(mark.station)
      const station = drawStation(draft, seed, mark.station, place)
      draft.pipe([draft.place(id), place], {
        ...pipeOf(line, (counters.pipe += 1)),
        from: id,
        to: station,
        diameterMm: 150,
      })
    }
    previous = { id, along: mark.along }
  }
}

/** What must stand on a line: its ends, the lines that meet it, its valves and its stations. */
function marksOf(line: Line): readonly Mark[] {
  const length = lengthOf(line.line)
  const marks: Mark[] = []
  const add = (along: number, kind: MarkKind, station?: StationPlan) => {
    if (marks.some((mark) => Math.abs(mark.along - along) < 0.5)) return
    marks.push({ along, kind, ...(station === undefined ? {} : { station }) })
  }
  if ('stations' in line) {
    for (const station of line.stations) {
      const along = alongLine(line.line, station.at) ?? length
      add(along, length - along < 0.5 ? 'station' : 'well', station)
    }
    add(BRANCH_VALVE_AT, 'valve')
    if (line.tieEnd === true) add(length - BRANCH_VALVE_AT, 'tie')
  } else {
    for (const valve of TRUNK_VALVES) {
      const along = alongLine(line.line, valve)
      if (along !== undefined) add(along, 'valve')
    }
  }
  add(0, distance(line.line[0] ?? SOURCE_PLACE, SOURCE_PLACE) < 0.5 ? 'source' : 'well')
  add(length, 'well')
  for (const other of [...TRUNKS, ...BRANCHES]) {
    if (other === line) continue
    for (const end of [other.line[0], other.line.at(-1)]) {
      const along = end === undefined ? undefined : alongLine(line.line, end)
      if (along !== undefined) add(along, 'well')
    }
  }
  return marks.sort((a, b) => a.along - b.along)
}

function withWells(marks: readonly Mark[]): readonly Mark[] {
  return marks.flatMap((mark, i) => {
    const next = marks[i + 1]
    if (next === undefined) return [mark]
    const gaps = Math.ceil((next.along - mark.along) / WELL_SPACING)
    const wells = Array.from({ length: gaps - 1 }, (_, k): Mark => {
      return { along: mark.along + ((next.along - mark.along) * (k + 1)) / gaps, kind: 'well' }
    })
    return [mark, ...wells]
  })
}

function drawMark(draft: Draft, seed: number, job: { line: Line; mark: Mark; counters: Counters }): string {
  const { line, mark, counters } = job
  const place = placeAt(line.line, mark.along)
  const there = draft.at(place)
  if (there !== undefined) return there
  if (mark.kind === 'source') return drawSource(draft, place)
  if (mark.kind === 'station' && mark.station !== undefined)
    return drawStation(draft, seed, mark.station, place)
  if (mark.kind === 'valve' || mark.kind === 'tie') {
    const number = (counters.valve += 1)
    return draft.point(place, {
      kind: 'valve',
      id: `v-${padded(number, 2)}`,
      name: `V-${padded(number, 2)}`,
      network: 'primary',
      zone: PRIMARY_ZONE,
      ...(mark.kind === 'tie' ? { normallyOpen: false } : {}),
      ...datesOf(line),
    })
  }
  const number = padded((counters.well += 1), 3)
  const trunk = !('stations' in line)
  return draft.point(place, {
    kind: 'well',
    id: `j-${number}`,
    name: `J-${number}`,
    network: 'primary',
    zone: PRIMARY_ZONE,
    depthM: Math.round(between(seed, trunk ? [2.6, 3.4] : [1.9, 2.6], 'depth', number) * 10) / 10,
    covers: trunk ? 2 : 1,
    ...datesOf(line),
  })
}

function drawSource(draft: Draft, place: Place): string {
  return draft.point(place, {
    kind: 'source',
    id: 'source-1',
    name: '乌达热源厂',
    network: 'primary',
    zone: PRIMARY_ZONE,
    holdingPressureMpa: 0.35,
    supplyPressureMpa: 1.0,
  })
}

function drawStation(draft: Draft, seed: number, plan: StationPlan, place: Place): string {
  const number = padded(plan.number, 2)
  const heatedAreaM2 = Math.round((plan.reach * between(seed, [560, 900], 'area', plan.number)) / 100) * 100
  const managedBy = THIRD_PARTIES[plan.number]
  return draft.point(place, {
    kind: 'station',
    id: `s-${number}`,
    name: `换热站${number} ${ESTATES[plan.number - 1] ?? ''}`.trim(),
    network: 'primary',
    zone: PRIMARY_ZONE,
    heatedAreaM2,
    households: Math.round(heatedAreaM2 / between(seed, [86, 98], 'home', plan.number)),
    nominalFlowTh: Math.round(((heatedAreaM2 * W_PER_M2) / 1e6) * TONNES_PER_MWH * 10) / 10,
    ...(managedBy === undefined ? {} : { managedBy }),
  })
}

/** A station in the middle of a branch stands beside it, on the side of its secondary network. */
function aside({ at: [x, y], heading }: StationPlan): Place {
  const [dx, dy] = DIRECTION[heading]
  return [x + dx * STATION_OFFSET, y + dy * STATION_OFFSET]
}

export const DIRECTION = { N: [0, -1], S: [0, 1], E: [1, 0], W: [-1, 0] } as const

function pipeOf(line: Line, number: number) {
  return {
    id: `p-${padded(number, 3)}`,
    name: line.name,
    network: 'primary' as const,
    class: 'stations' in line ? ('branch' as const) : ('trunk' as const),
    zone: PRIMARY_ZONE,
    diameterMm: line.diameterMm,
    roughnessMm: 0.5,
    ...datesOf(line),
  }
}

function datesOf(line: Line) {
  if ('stations' in line) return {}
  const { commissionedAt, warrantyUntil, underConstruction } = line
  return {
    ...(commissionedAt === undefined ? {} : { commissionedAt }),
    ...(warrantyUntil === undefined ? {} : { warrantyUntil }),
    ...(underConstruction === undefined ? {} : { underConstruction }),
  }
}

export function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0')
}
