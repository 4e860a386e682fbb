import { between, uniform } from '../../seeded-random.ts'

/** How the trunks of a network lie: a tree, one ring main, or several that cross. */
const SHAPES = ['branched', 'ring', 'mesh'] as const
export type Shape = (typeof SHAPES)[number]

/** A crossing of the street grid with a well in it. */
interface Crossing {
  readonly column: number
  readonly row: number
  readonly eastM: number
  readonly northM: number
}

/** A street with pipes between two crossings, by their numbers. */
interface Street {
  readonly from: number
  readonly to: number
  readonly kind: 'trunk' | 'branch' | 'loop'
}

export interface Streets {
  readonly shape: Shape
  readonly crossings: readonly Crossing[]
  readonly streets: readonly Street[]
}

const BLOCK_M = { east: [130, 230], north: [110, 210] } as const
/** More grid than crossings, so that the built-up area is no rectangle. */
const SPARE_GROUND = 1.3
/** Share of the neighbours that are joined beyond what a tree needs. */
const LOOPS: Readonly<Record<Shape, number>> = { branched: 0, ring: 0.05, mesh: 0.22 }

/** Tries per crossing: most of the inner ones have no free neighbour any more. */
const MAX_TURNS = 200

type Cell = readonly [column: number, row: number]
const keyOf = ([column, row]: Cell): string => `${column} ${row}`

/** Trunks on a street grid, then branches that grow from them until every crossing is reached. */
export function drawStreets(seed: number, wells: number): Streets {
  const shape = SHAPES[Math.floor(uniform(seed, 'shape') * SHAPES.length)] ?? 'ring'
  const columns = Math.ceil(Math.sqrt(wells * SPARE_GROUND * between(seed, [1, 1.6], 'aspect')))
  const rows = Math.ceil((wells * SPARE_GROUND) / columns)
  const numbers = new Map<string, number>()
  const cells: Cell[] = []
  const streets: Street[] = []

  function numberOf(cell: Cell): number {
    const known = numbers.get(keyOf(cell))
    if (known !== undefined) return known
    numbers.set(keyOf(cell), cells.length)
    return cells.push(cell) - 1
  }

  for (const line of trunkLines(shape, columns, rows)) {
    for (const [i, cell] of line.entries()) {
      const before = line[i - 1]
      const to = numberOf(cell)
      if (before !== undefined) streets.push({ from: numberOf(before), to, kind: 'trunk' })
    }
  }
  growBranches({ seed, wells, columns, rows }, { cells, numbers, numberOf, streets })
  closeLoops(seed, LOOPS[shape], { cells, numbers, streets })
  return { shape, crossings: cells.map((cell) => place(seed, cell)), streets }
}

/** The lines of the trunks on the grid; the first cell is where the source's feeder comes in. */
function trunkLines(shape: Shape, columns: number, rows: number): readonly (readonly Cell[])[] {
  const at = (share: number, of: number) => Math.round(share * (of - 1))
  const along = (row: number, from: number, to: number): Cell[] => span(from, to).map((c) => [c, row])
  const across = (column: number, from: number, to: number): Cell[] => span(from, to).map((r) => [column, r])
  const [west, east, south, north] = [at(0.18, columns), at(0.82, columns), at(0.2, rows), at(0.8, rows)]
  if (shape === 'branched') {
    const middle = at(0.5, rows)
    const ribs = [0.25, 0.5, 0.75].map((share) => at(share, columns))
    return [
      along(middle, 0, at(0.9, columns)),
      ...ribs.flatMap((column) => [
        across(column, middle, at(0.85, rows)),
        across(column, middle, at(0.15, rows)),
      ]),
    ]
  }
  const ring = [
    along(south, west, east),
    across(east, south, north),
    along(north, east, west),
    across(west, north, south),
  ]
  if (shape === 'ring') return ring
  return [...ring, along(at(0.5, rows), west, east), across(at(0.5, columns), south, north)]
}

function span(from: number, to: number): number[] {
  const step = Math.sign(to - from)
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => from + i * step)
}

interface Drawing {
  readonly cells: Cell[]
  readonly numbers: ReadonlyMap<string, number>
  readonly streets: Street[]
}

/** Takes one free neighbour after the other by chance; long thin branches are as likely as bushes. */
function growBranches(
  ground: { seed: number; wells: number; columns: number; rows: number },
  drawing: Drawing & { readonly numberOf: (cell: Cell) => number },
): void {
  const { seed, wells, columns, rows } = ground
  const { cells, numbers, numberOf, streets } = drawing
  const free = (cell: Cell): Cell[] =>
    around(cell).filter(
      (next) =>
        next[0] >= 0 && next[1] >= 0 && next[0] < columns && next[1] < rows && !numbers.has(keyOf(next)),
    )
  for (let turn = 0; cells.length < wells && turn < MAX_TURNS * wells; turn += 1) {
    // Half of the time the newest end goes on, so that branches have some length.
    const newest = uniform(seed, 'grow on', turn) < 0.5 ? cells.at(-1) : undefined
    const from = newest ?? cells[Math.floor(uniform(seed, 'grow from', turn) * cells.length)]
    const choices = from === undefined ? [] : free(from)
    const to = choices[Math.floor(uniform(seed, 'grow to', turn) * choices.length)]
    if (from !== undefined && to !== undefined) {
      streets.push({ from: numberOf(from), to: numberOf(to), kind: 'branch' })
    }
  }
}

function closeLoops(seed: number, share: number, { cells, numbers, streets }: Drawing): void {
  const joined = new Set(streets.flatMap(({ from, to }) => [`${from} ${to}`, `${to} ${from}`]))
  for (const [from, cell] of cells.entries()) {
    for (const next of around(cell)) {
      const to = numbers.get(keyOf(next))
      if (to === undefined || to < from || joined.has(`${from} ${to}`)) continue
      if (uniform(seed, 'loop', from, to) < share) streets.push({ from, to, kind: 'loop' })
    }
  }
}

function around([column, row]: Cell): Cell[] {
  return [
    [column + 1, row],
    [column - 1, row],
    [column, row + 1],
    [column, row - 1],
  ]
}

function place(seed: number, [column, row]: Cell): Crossing {
  const sway = (key: string, most: number) => between(seed, [-most, most], key, column, row)
  return {
    column,
    row,
    eastM: along(seed, 'east', column, BLOCK_M.east) + sway('sway east', 30),
    northM: along(seed, 'north', row, BLOCK_M.north) + sway('sway north', 30),
  }
}

/** Blocks differ in size, the same along a whole street. */
function along(seed: number, key: string, count: number, block: readonly [number, number]): number {
  let metres = 0
  for (let i = 0; i < count; i += 1) metres += between(seed, block, key, i)
  return metres
}
