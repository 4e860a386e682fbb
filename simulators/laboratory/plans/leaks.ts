import type { LabEvent } from '../scenario.ts'
import type { Plan } from './dice.ts'
import { WARM_UP_H } from './dice.ts'
import { pressureFault } from './faults.ts'

const SIZES_TH = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200]
/** Big leaks are found and mended sooner. */
const LASTS_H = [
  { fromTh: 20, hours: [9, 13] },
  { fromTh: 10, hours: [17, 22] },
  { fromTh: 0, hours: [25, 30] },
] as const
/** Between a leak and a fault alone, and from there to the next leak. */
const REST_H = 9
const FAULT_H = 16
const BESIDE_SHARE = 0.3

/** One abrupt leak after the other, and between them a fault of one pressure sensor alone. */
export function leaksAndFaults({ dice, places, endH }: Plan): LabEvent[] {
  const events: LabEvent[] = []
  const offset = Math.floor(dice.chance('leak sizes') * SIZES_TH.length)
  for (let startH = WARM_UP_H, i = 0; ; i += 1) {
    // Every size comes about equally often, in an order that jumps.
    const th = SIZES_TH[(offset + i * 5) % SIZES_TH.length] ?? 10
    const range = LASTS_H.find(({ fromTh }) => th >= fromTh)?.hours ?? [25, 30]
    const hours = dice.between(range, 'leak hours', i)
    startH += dice.between([0, 4], 'leak start', i)
    if (startH + hours + REST_H + FAULT_H > endH) return events
    const where = dice.pick([places.trunkWells, places.branchWells, places.leaves], 'leak where', i) ?? []
    const at = dice.pick(where, 'leak at', i)
    const side = dice.chance('leak side', i) < 0.6 ? 'supply' : 'return'
    if (at !== undefined) events.push({ kind: 'leak', at, side, th, startH, hours })
    if (dice.chance('fault beside', i) < BESIDE_SHARE) {
      const lead = dice.between([-4, 8], 'fault lead', i)
      events.push(
        ...pressureFault({ dice, places }, { startH: startH - lead, hours: FAULT_H, key: `beside ${i}` }),
      )
    }
    startH += hours + REST_H
    events.push(...pressureFault({ dice, places }, { startH, hours: FAULT_H, key: `alone ${i}` }))
    startH += FAULT_H + REST_H
  }
}

/** Leaks that grow from 1 to 20 t/h over 3 to 20 days. */
export function slowLeaks({ dice, places, endH }: Plan): LabEvent[] {
  const wells = [...places.trunkWells, ...places.branchWells]
  const slow: LabEvent[] = []
  for (let startH = WARM_UP_H + 4 * 24, i = 0; ; i += 1) {
    const growH = Math.round(24 * 3 * (20 / 3) ** dice.chance('slow days', i))
    if (startH + growH + 24 > endH) return slow
    const at = dice.pick(wells, 'slow at', i)
    const side = dice.chance('slow side', i) < 0.6 ? 'supply' : 'return'
    if (at !== undefined) {
      slow.push({ kind: 'leak', at, side, th: 20, fromTh: 1, growH, startH, hours: growH + 24 })
    }
    startH += growH + 24 + 4 * 24
  }
}
