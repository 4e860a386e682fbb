import type { NetworkFile } from '#contract/network.ts'
import { candidateSitesOf } from '../candidate-sites.ts'
import type { LabEvent } from '../scenario.ts'
import type { Plan } from './dice.ts'
import { createDice, round } from './dice.ts'
import { deviceFaults } from './faults.ts'
import { leaksAndFaults, slowLeaks } from './leaks.ts'
import { operations } from './operations.ts'
import { covers, secondaryLeaks, traffic, wellLeaks } from './wells.ts'

/** What a season is about: nothing, operation only, everything that can go wrong, slow leaks only. */
export const MIXES = ['quiet', 'operations', 'events', 'slow'] as const
export type Mix = (typeof MIXES)[number]

const PLANS: Readonly<Record<Mix, (plan: Plan) => readonly LabEvent[]>> = {
  quiet: () => [],
  operations: (plan) => [...operations(plan), ...traffic(plan, 2)],
  events: (plan) => [
    ...leaksAndFaults(plan),
    ...deviceFaults(plan),
    ...wellLeaks(plan),
    ...secondaryLeaks(plan),
    ...covers(plan),
    ...traffic(plan, 4),
  ],
  slow: slowLeaks,
}

/** Events of a season of so many days in a network, drawn from a seed, in order of their starts. */
export function planEvents(order: {
  readonly file: NetworkFile
  readonly seed: number
  readonly days: number
  readonly mix: Mix
}): readonly LabEvent[] {
  const { file, seed, days, mix } = order
  const plan = { places: candidateSitesOf(file), dice: createDice(seed), endH: days * 24 }
  return PLANS[mix](plan)
    .map((event) => ({ ...event, startH: round(event.startH, 2), hours: round(event.hours, 2) }))
    .toSorted((a, b) => a.startH - b.startH)
}
