import type { LabEvent } from '../scenario.ts'
import type { Plan } from './dice.ts'
import { freshPicker, turns } from './dice.ts'

const WELL_LEAKS_TH = [0.1, 0.2, 0.5, 0.7, 1, 2, 5]
const SECONDARY_LEAKS_TH = [1, 2, 3, 5, 8, 12, 20]
const COOL_SHARE = 0.2
const TILTS = { displaced: [14, 45], open: [65, 90], missing: [90, 120] } as const

/** Leaks into chambers that are watched, of both networks. */
export function wellLeaks(plan: Plan): LabEvent[] {
  const { dice, places } = plan
  const pickFresh = freshPicker(dice, 6)
  return turns(plan, 26, 20).flatMap((turn, i): LabEvent[] => {
    const cool = dice.chance('cool', i) < COOL_SHARE
    const at = pickFresh(cool ? places.coolChambers : places.hotChambers, 'well leak at', i)
    const th = dice.pick(WELL_LEAKS_TH, 'well leak size', i) ?? 1
    const startH = turn + dice.between([0, 14], 'well leak start', i)
    const hours = dice.between([2, 6], 'well leak hours', i)
    return at === undefined ? [] : [{ kind: 'well-leak', at, th, startH, hours }]
  })
}

export function secondaryLeaks(plan: Plan): LabEvent[] {
  const { dice, places } = plan
  const pickFresh = freshPicker(dice, 2)
  return turns(plan, 96, 76).flatMap((turn, i): LabEvent[] => {
    const at = pickFresh(places.stations, 'secondary at', i)
    const th = dice.pick(SECONDARY_LEAKS_TH, 'secondary size', i) ?? 5
    const startH = turn + dice.between([0, 60], 'secondary start', i)
    const hours = dice.between([4, 16], 'secondary hours', i)
    return at === undefined ? [] : [{ kind: 'secondary-leak', at, th, startH, hours }]
  })
}

/** Covers that lie displaced, open or are gone; every eighth is a crew's work. */
export function covers(plan: Plan): LabEvent[] {
  const { dice, places } = plan
  const pickFresh = freshPicker(dice, 3)
  return turns(plan, 20, 30).flatMap((turn, i): LabEvent[] => {
    const at = pickFresh(places.covers, 'cover at', i)
    if (at === undefined) return []
    const startH = turn + dice.between([0, 18], 'cover start', i)
    const when = { startH, hours: dice.between([1, 12], 'cover hours', i) }
    if (i % 8 === 7) return [{ kind: 'works', at, ...when }]
    const state = dice.pick(['displaced', 'open', 'missing'] as const, 'cover state', i) ?? 'open'
    const says = dice.pick(['event', 'samples', 'one sample'] as const, 'cover says', i) ?? 'event'
    const tiltDeg = Math.round(dice.between(TILTS[state], 'cover tilt', i))
    return [{ kind: 'cover', at, state, tiltDeg, says, ...when }]
  })
}

/** Vehicles over covers, one every so many days. */
export function traffic(plan: Plan, everyDays: number): LabEvent[] {
  const { dice, places } = plan
  return turns(plan, everyDays * 24, everyDays * 24).flatMap((turn, i): LabEvent[] => {
    const at = dice.pick(places.covers, 'truck at', i)
    const tiltDeg = Math.round(dice.between([15, 50], 'truck tilt', i))
    const startH = turn + dice.between([0, 24 * everyDays], 'truck start', i)
    return at === undefined ? [] : [{ kind: 'truck', at, tiltDeg, startH, hours: 0.02 }]
  })
}
