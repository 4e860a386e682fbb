import type { LabEvent } from '../scenario.ts'
import type { Plan } from './dice.ts'
import { round, turns } from './dice.ts'

/** What operators do and what their plant does, without any leak. */
export function operations(plan: Plan): LabEvent[] {
  const { dice } = plan
  return turns(plan, 36, 60).flatMap((turn, i): LabEvent[] => {
    const startH = turn + dice.between([0, 24], 'operation start', i)
    const size = (range: readonly [number, number], digits: number) =>
      round(dice.between(range, 'size', i), digits)
    const hours = (range: readonly [number, number]) => dice.between(range, 'operation hours', i)
    const choices: readonly LabEvent[] = [
      { kind: 'set-point', size: dice.sign('up', i) * size([0.01, 0.05], 3), startH, hours: hours([3, 30]) },
      { kind: 'pump-trip', size: -size([0.1, 0.4], 2), startH, hours: hours([0.05, 0.6]) },
      { kind: 'transient', size: -size([6, 25], 0), startH, hours: hours([1, 8]) },
      { kind: 'transient', size: size([4, 10], 0), startH, hours: hours([3, 12]) },
      { kind: 'filling', size: size([5, 40], 0), startH, hours: hours([0.5, 3]) },
      { kind: 'outage', share: size([0.2, 1], 2), startH, hours: hours([1, 8]) },
    ]
    const chosen = dice.pick(choices, 'operation', i)
    return chosen === undefined ? [] : [chosen]
  })
}
