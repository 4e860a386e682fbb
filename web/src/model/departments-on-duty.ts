import type { OnDutyView } from '#contract/duty.ts'

/** Whom to ring first of each department: its lowest rung, as the server lists them. */
export function departmentsOnDuty(people: readonly OnDutyView[]): readonly OnDutyView[] {
  const first = new Map<string, OnDutyView>()
  for (const person of people) {
    if (!first.has(person.departmentId)) first.set(person.departmentId, person)
  }
  return [...first.values()]
}
