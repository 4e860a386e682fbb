import type { TicketView } from '#contract/ticket.ts'

export interface KnownDepartment {
  readonly id: string
  readonly name: string
}

/** Departments that a ticket can go to: those of the network, and what tickets name beside them. */
export function knownDepartments(
  tickets: Iterable<TicketView>,
  ofNetwork: readonly KnownDepartment[],
): readonly KnownDepartment[] {
  const found = new Map(ofNetwork.map(({ id, name }) => [id, name]))
  for (const { department } of tickets) {
    if (department !== undefined && !found.has(department.id)) found.set(department.id, department.name)
  }
  return [...found].map(([id, name]) => ({ id, name }))
}
