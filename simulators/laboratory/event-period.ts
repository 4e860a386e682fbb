import { HOUR } from '../time.ts'
import type { LabEvent, Scenario } from './scenario.ts'

/** An event with its instants. `until` is exclusive. */
export type Dated<E extends LabEvent = LabEvent> = E & { readonly from: number; readonly until: number }

export function dated(scenario: Scenario): readonly Dated[] {
  const begin = Date.parse(scenario.from)
  return scenario.events.map((event) => {
    const from = Math.round(begin + event.startH * HOUR)
    return { ...event, from, until: from + Math.round(event.hours * HOUR) }
  })
}

export function ofKind<K extends LabEvent['kind']>(
  events: readonly Dated[],
  ...kinds: readonly K[]
): readonly Dated<Extract<LabEvent, { kind: K }>>[] {
  const wanted: readonly string[] = kinds
  return events.filter((event) => wanted.includes(event.kind)) as unknown as readonly Dated<
    Extract<LabEvent, { kind: K }>
  >[]
}

export function isOn(event: { readonly from: number; readonly until: number }, at: number): boolean {
  return at >= event.from && at < event.until
}
