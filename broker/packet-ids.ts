import type { Client } from 'aedes'
import type { Outstanding } from './outstanding.ts'

const MOST_IDS = 65_535

/** aedes counts the packet ids of a client in a field that its types do not show. */
type Counting = Client & { _nextId: number }

export function startPacketIds(client: Client, first: number): void {
  const counting = client as Counting
  counting._nextId = first
}

/** One that no message on its way has ([MQTT-2.3.1-4]), as long as there is one. */
export function takePacketId(client: Client, used: Pick<Outstanding, 'has' | 'size'>): number {
  const counting = client as Counting
  let id = counting._nextId
  while (used.has(id) && used.size < MOST_IDS) id = (id % MOST_IDS) + 1
  counting._nextId = (id % MOST_IDS) + 1
  return id
}
