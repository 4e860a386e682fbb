import type { Client } from 'aedes'

/** aedes counts the packet ids of a client in a field that its types do not show. */
type Counting = Client & { _nextId: number }

export function startPacketIds(client: Client, first: number): void {
  const counting = client as Counting
  counting._nextId = first
}

export function takePacketId(client: Client): number {
  const counting = client as Counting
  const id = counting._nextId
  counting._nextId = (id % 65_535) + 1
  return id
}
