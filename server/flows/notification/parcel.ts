import { createHash } from 'node:crypto'
import { pack, type Packet } from '../../domain/notification/digest.ts'
import type { Outcome } from '../../domain/notification/outcome.ts'
import type { Channel, Message, OutboxEntry } from './outbox.ts'
import { isForPeople } from './route-outgoing.ts'

/** What a channel is given in one go with so many tokens: events one by one, messages alone or as a digest. */
export function parcelsOf(
  channel: Channel,
  waiting: readonly OutboxEntry[],
  tokens: number,
): readonly Packet<OutboxEntry>[] {
  if (channel.audience === 'programs') return waiting.slice(0, tokens).map((entry) => [entry])
  const items = waiting.filter(isForPeople).map((entry) => ({ entry, notification: entry.outgoing }))
  return pack(items, { tokens, digestBytes: channel.digestBytes }).map(([first, ...rest]) => [
    first.entry,
    ...rest.map(({ entry }) => entry),
  ])
}

export function sendParcel(
  channel: Channel,
  parcel: Packet<OutboxEntry>,
  signal: AbortSignal,
): Promise<Outcome> {
  if (channel.audience === 'people') return channel.send(messageOf(parcel), signal)
  const [{ outgoing }] = parcel
  if (outgoing.audience !== 'programs') throw new Error(`${outgoing.id} is for people, not for ${channel.id}`)
  return channel.send(outgoing, signal)
}

/** A digest is named after all that it says: another selection is another message. */
function messageOf(parcel: Packet<OutboxEntry>): Message {
  const entries = parcel.filter(isForPeople)
  const [first, ...rest] = entries.map(({ outgoing }) => outgoing)
  if (first === undefined) throw new Error('a message without a notification')
  const people = entries.flatMap(({ reached }) => reached?.people ?? [])
  return {
    id: rest.length === 0 ? first.id : digestId(entries.map(({ id }) => id)),
    notifications: [first, ...rest],
    people: [...new Map(people.map((person) => [person.id, person])).values()],
  }
}

function digestId(ids: readonly string[]): string {
  return `digest.${createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 32)}`
}
