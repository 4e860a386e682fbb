import type { NetworkFile } from '#contract/network.ts'
import { between, chance } from '../chance.ts'
import type { Places, PressureSensor } from './places.ts'
import { placesOf } from './places.ts'
import type { LabEvent } from './scenario.ts'

/** What a season is about. */
export const MIXES = ['quiet', 'operations', 'events', 'slow'] as const
export type Mix = (typeof MIXES)[number]

const WARM_UP_H = 10 * 24
/** A leak, its repair, a sensor fault alone, its repair: then the next. */
const TURN_H = 72
const LEAKS_TH = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200]
const WELL_LEAKS_TH = [0.1, 0.2, 0.5, 0.7, 1, 2, 5]

/** Chance by name: the same seed and name give the same answer. */
interface Dice {
  between(range: readonly [number, number], ...key: readonly (string | number)[]): number
  pick<T>(among: readonly T[], ...key: readonly (string | number)[]): T | undefined
  chance(...key: readonly (string | number)[]): number
}

/** Events of a season of so many days, drawn from a seed. */
export function planEvents(order: {
  readonly file: NetworkFile
  readonly seed: number
  readonly days: number
  readonly mix: Mix
}): readonly LabEvent[] {
  const { file, seed, days, mix } = order
  const places = placesOf(file)
  const dice: Dice = {
    between: (range, ...key) => between(seed, range, ...key),
    chance: (...key) => chance(seed, ...key),
    pick: (among, ...key) => among[Math.floor(chance(seed, ...key) * among.length)],
  }
  const plan = { places, dice, endH: days * 24 }
  const events = {
    quiet: () => [],
    operations: () => [...operations(plan), ...traffic(plan, 0.5)],
    events: () => [
      ...leaks(plan),
      ...faults(plan),
      ...wellEvents(plan),
      ...covers(plan),
      ...traffic(plan, 4),
      ...secondary(plan),
    ],
    slow: () => slowLeaks(plan),
  }[mix]()
  return events
    .map((event) => ({ ...event, startH: round(event.startH, 2), hours: round(event.hours, 2) }))
    .sort((a, b) => a.startH - b.startH)
}

interface Plan {
  readonly places: Places
  readonly dice: Dice
  readonly endH: number
}

/** Starts from the end of the warm-up on, every `everyH` hours, none so late that `hours` would not fit. */
function turns({ endH }: Plan, everyH: number, hours: number): number[] {
  const count = Math.max(0, Math.floor((endH - WARM_UP_H - hours) / everyH) + 1)
  return Array.from({ length: count }, (_, i) => WARM_UP_H + i * everyH)
}

function leaks(plan: Plan): LabEvent[] {
  const { dice, places } = plan
  const offset = Math.floor(dice.chance('leak sizes') * LEAKS_TH.length)
  return turns(plan, TURN_H, 40).flatMap((turn, i): LabEvent[] => {
    const where = dice.pick([places.trunkWells, places.branchWells, places.leaves], 'leak where', i) ?? []
    const at = dice.pick(where, 'leak at', i)
    // Every size comes about equally often, in an order that jumps.
    const th = LEAKS_TH[(offset + i * 5) % LEAKS_TH.length] ?? 10
    if (at === undefined) return []
    const side = dice.chance('leak side', i) < 0.6 ? 'supply' : 'return'
    const startH = turn + dice.between([0, 8], 'leak start', i)
    const leak: LabEvent = {
      kind: 'leak',
      at,
      side,
      th,
      startH,
      hours: dice.between([26, 32], 'leak hours', i),
    }
    const other =
      dice.chance('fault beside', i) < 0.3 ? dice.pick(places.pressureSensors, 'beside', i) : undefined
    if (other === undefined) return [leak]
    return [
      leak,
      pressureFault(dice, other, {
        startH: startH - dice.between([-6, 12], 'fault lead', i),
        key: `beside ${i}`,
      }),
    ]
  })
}

function slowLeaks(plan: Plan): LabEvent[] {
  const { dice, places } = plan
  const wells = [...places.trunkWells, ...places.branchWells]
  const slow: LabEvent[] = []
  for (let startH = WARM_UP_H + 6 * 24, i = 0; ; i += 1) {
    const growH = Math.round(24 * 3 * (20 / 3) ** dice.chance('slow days', i))
    if (startH + growH + 24 > plan.endH) return slow
    const at = dice.pick(wells, 'slow at', i)
    const side = dice.chance('slow side', i) < 0.6 ? 'supply' : 'return'
    if (at !== undefined)
      slow.push({ kind: 'leak', at, side, th: 20, fromTh: 1, growH, startH, hours: growH + 24 })
    startH += growH + 24 + 5 * 24
  }
}

/** Faults of pressure sensors alone, between the leaks, and of everything else at any time. */
function faults(plan: Plan): LabEvent[] {
  const { dice, places } = plan
  const pressure = turns(plan, TURN_H, 70).flatMap((turn, i) => {
    const sensor = dice.pick(places.pressureSensors, 'fault at', i)
    const startH = turn + 43 + dice.between([0, 4], 'fault start', i)
    return sensor === undefined ? [] : [pressureFault(dice, sensor, { startH, key: `alone ${i}` })]
  })
  const others = turns(plan, 30, 30).flatMap((turn, i) => deviceFault(plan, turn, i))
  return [...pressure, ...others]
}

function pressureFault(dice: Dice, sensor: PressureSensor, when: { startH: number; key: string }): LabEvent {
  const { startH, key } = when
  const sign = dice.chance('sign', key) < 0.5 ? -1 : 1
  const kinds = [
    ['stuck', undefined],
    ['drift', sign * round(dice.between([0.0005, 0.005], 'drift', key), 5)],
    ['offset', sign * round(dice.between([0.005, 0.04], 'offset', key), 4)],
    ['stuck', undefined],
    ['drift', sign * round(dice.between([0.0005, 0.005], 'drift', key), 5)],
    ['offset', sign * round(dice.between([0.005, 0.04], 'offset', key), 4)],
    ['spike', 0.3],
    ['open-circuit', undefined],
    ['wrong-unit', dice.chance('unit', key) < 0.5 ? 10 : 1000],
    ['swapped', round(dice.between([0.6, 0.85], 'swapped', key), 2)],
  ] as const
  const [fault, size] = dice.pick(kinds, 'fault', key) ?? kinds[0]
  const { device, signal } = sensor
  return { kind: 'fault', device, signal, fault, ...(size === undefined ? {} : { size }), startH, hours: 24 }
}

function deviceFault({ dice, places }: Plan, turn: number, i: number): LabEvent[] {
  const startH = turn + dice.between([0, 6], 'device fault start', i)
  const well = dice.pick(places.hotChambers, 'chamber fault at', i) ?? ''
  const lid = dice.pick(places.covers, 'cover fault at', i) ?? ''
  const any = dice.pick(places.batteryDevices, 'device fault at', i) ?? ''
  const choices: readonly Omit<Extract<LabEvent, { kind: 'fault' }>, 'kind' | 'startH'>[] = [
    { device: any.startsWith('cover') ? `chamber-${well}` : any, fault: 'silence', hours: 30 },
    { device: `chamber-${well}`, fault: 'open-circuit', signal: 'chamber_c', hours: 24 },
    { device: `chamber-${well}`, fault: 'stuck', signal: 'chamber_c', hours: 24 },
    { device: `chamber-${well}`, fault: 'condensation', hours: 24 },
    { device: `chamber-${well}`, fault: 'spike', signal: 'chamber_c', size: 0, hours: 24 },
    { device: `chamber-${well}`, fault: 'low-battery', size: 3.15, hours: 29 },
    { device: `chamber-${well}`, fault: 'clock-skew', size: -8 * 3_600_000, hours: 24 },
    { device: `chamber-${well}`, fault: 'clock-skew', size: 7 * 60_000, hours: 24 },
    { device: `cover-${lid}`, fault: 'switch-bounce', hours: 26 },
    { device: `chamber-${well}`, fault: 'duplicates', hours: 24 },
    { device: `chamber-${well}`, fault: 'late-batch', hours: 8 },
    { device: `chamber-${well}`, fault: 'out-of-order', hours: 24 },
    { device: `chamber-${well}`, fault: 'quantisation', signal: 'chamber_c', size: 1, hours: 24 },
  ]
  const chosen = dice.pick(choices, 'device fault', i)
  return chosen === undefined ? [] : [{ kind: 'fault', ...chosen, startH }]
}

function wellEvents(plan: Plan): LabEvent[] {
  const { dice, places } = plan
  return turns(plan, 26, 8).flatMap((turn, i): LabEvent[] => {
    const cool = dice.chance('cool', i) < 0.2
    const at = dice.pick(cool ? places.coolChambers : places.hotChambers, 'well leak at', i)
    const th = dice.pick(WELL_LEAKS_TH, 'well leak size', i) ?? 1
    const startH = turn + dice.between([0, 14], 'well leak start', i)
    return at === undefined
      ? []
      : [{ kind: 'well-leak', at, th, startH, hours: dice.between([2, 6], 'well leak hours', i) }]
  })
}

function covers(plan: Plan): LabEvent[] {
  const { dice, places } = plan
  return turns(plan, 22, 20).flatMap((turn, i): LabEvent[] => {
    const at = dice.pick(places.covers, 'cover at', i)
    if (at === undefined) return []
    const when = {
      startH: turn + dice.between([0, 18], 'cover start', i),
      hours: dice.between([1, 12], 'cover hours', i),
    }
    if (i % 8 === 7) return [{ kind: 'works', at, ...when }]
    const state = dice.pick(['displaced', 'open', 'missing'] as const, 'cover state', i) ?? 'open'
    const says = dice.pick(['event', 'samples', 'one sample'] as const, 'cover says', i) ?? 'event'
    const tilts = { displaced: [14, 45], open: [65, 90], missing: [90, 120] } as const
    return [
      {
        kind: 'cover',
        at,
        state,
        tiltDeg: Math.round(dice.between(tilts[state], 'cover tilt', i)),
        says,
        ...when,
      },
    ]
  })
}

function traffic(plan: Plan, everyDays: number): LabEvent[] {
  const { dice, places } = plan
  return turns(plan, everyDays * 24, 1).flatMap((turn, i): LabEvent[] => {
    const at = dice.pick(places.covers, 'truck at', i)
    const tiltDeg = Math.round(dice.between([15, 50], 'truck tilt', i))
    const startH = turn + dice.between([0, 24 * everyDays], 'truck start', i)
    return at === undefined ? [] : [{ kind: 'truck', at, tiltDeg, startH, hours: 0.02 }]
  })
}

function secondary(plan: Plan): LabEvent[] {
  const { dice, places } = plan
  return turns(plan, 96, 24).flatMap((turn, i): LabEvent[] => {
    const at = dice.pick(places.stations, 'secondary at', i)
    const th = dice.pick([1, 2, 3, 5, 8, 12, 20], 'secondary size', i) ?? 5
    const startH = turn + dice.between([0, 60], 'secondary start', i)
    return at === undefined
      ? []
      : [{ kind: 'secondary-leak', at, th, startH, hours: dice.between([4, 16], 'secondary hours', i) }]
  })
}

/** What operators do and what their plant does, without any leak. */
function operations(plan: Plan): LabEvent[] {
  const { dice } = plan
  return turns(plan, 40, 30).flatMap((turn, i): LabEvent[] => {
    const startH = turn + dice.between([0, 24], 'operation start', i)
    const sign = dice.chance('operation sign', i) < 0.5 ? -1 : 1
    const choices: readonly LabEvent[] = [
      {
        kind: 'set-point',
        size: sign * round(dice.between([0.01, 0.05], 'set-point', i), 3),
        startH,
        hours: dice.between([3, 30], 'set-point hours', i),
      },
      {
        kind: 'pump-trip',
        size: -round(dice.between([0.1, 0.4], 'trip', i), 2),
        startH,
        hours: dice.between([0.05, 0.6], 'trip hours', i),
      },
      {
        kind: 'transient',
        size: -Math.round(dice.between([6, 25], 'transient', i)),
        startH,
        hours: dice.between([1, 8], 'transient hours', i),
      },
      {
        kind: 'transient',
        size: Math.round(dice.between([4, 10], 'transient', i)),
        startH,
        hours: dice.between([3, 12], 'transient hours', i),
      },
      {
        kind: 'filling',
        size: Math.round(dice.between([5, 40], 'filling', i)),
        startH,
        hours: dice.between([0.5, 3], 'filling hours', i),
      },
      {
        kind: 'outage',
        share: round(dice.between([0.2, 1], 'outage', i), 2),
        startH,
        hours: dice.between([1, 8], 'outage hours', i),
      },
    ]
    return [dice.pick(choices, 'operation', i) ?? []].flat()
  })
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
