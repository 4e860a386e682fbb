import type { StationProperties } from '#contract/network.ts'
import { between, uniform } from '../seeded-random.ts'
import type { Draft } from './draft.ts'
import type { Place } from './ground.ts'
import type { StationPlan } from './plan.ts'
import { BRANCHES } from './plan.ts'
import { DIRECTION, padded } from './primary.ts'

const VALVE_AT = 11
const FIRST_WELL_AT = 22
const SPACING = 16
const SPINE_MM = [250, 200, 200, 150, 150, 125]

/** Draws each station's secondary network: a comb of a spine with a branch to both sides of each well. */
export function drawSecondary(draft: Draft, seed: number): void {
  for (const plan of BRANCHES.flatMap((branch) => branch.stations)) {
    const id = `s-${padded(plan.number, 2)}`
    const station = draft.points().find((point) => point.id === id)
    if (station?.kind === 'station') drawComb(draft, seed, { plan, station })
  }
}

function drawComb(draft: Draft, seed: number, job: { plan: StationPlan; station: StationProperties }): void {
  const { plan, station } = job
  const number = padded(plan.number, 2)
  const [dx, dy] = DIRECTION[plan.heading]
  const [x, y] = draft.place(station.id)
  const at = (along: number, aside: number): Place => [
    x + dx * along - dy * aside,
    y + dy * along + dx * aside,
  ]
  const common = {
    network: 'secondary' as const,
    zone: `secondary-${number}`,
    ...(station.managedBy === undefined ? {} : { managedBy: station.managedBy }),
  }
  let pipes = 0
  const connect = (from: string, to: string, main: boolean, diameterMm: number) => {
    draft.pipe([draft.place(from), draft.place(to)], {
      id: `q-${number}-${padded((pipes += 1), 2)}`,
      from,
      to,
      network: 'secondary',
      class: main ? 'trunk' : 'branch',
      zone: common.zone,
      diameterMm,
    })
  }
  let wells = 0
  const well = (place: Place, depthM: number) =>
    draft.point(place, {
      kind: 'well',
      id: `e-${number}-${padded((wells += 1), 2)}`,
      name: `E${number}-${padded(wells, 2)}`,
      ...common,
      depthM,
      covers: 1,
    })

  let end = draft.point(at(VALVE_AT, 0), { kind: 'valve', id: `w-${number}`, name: `W-${number}`, ...common })
  connect(station.id, end, true, SPINE_MM[0] ?? 250)
  for (let along = FIRST_WELL_AT, step = 0; along <= plan.reach + 1; along += SPACING, step += 1) {
    const spine = well(at(along, 0), 1.8)
    connect(end, spine, true, SPINE_MM[step] ?? 125)
    end = spine
    for (const side of [-1, 1]) {
      if (uniform(seed, 'missing', number, step, side) < 0.1) continue
      const reach = between(seed, [11, 21], 'lateral', number, step, side)
      connect(spine, well(at(along, side * reach), 1.4), false, 80)
    }
  }
}
