import type { LocalizedText } from '#contract/text.ts'
import type { Instant } from '../../domain/instant.ts'
import { departmentOfRung, RUNGS, type Rung } from '../../domain/notification/ladder.ts'
import type { Address, Notification } from '../../domain/notification/notification.ts'
import { channelOf } from '../../domain/notification/outcome.ts'
import {
  channelsFor,
  reach,
  type ChannelScope,
  type Contact,
  type Reached,
} from '../../domain/notification/reach.ts'
import type { OnDuty, OutboxEntry } from './outbox.ts'

export interface Routing {
  readonly channels: readonly ChannelScope[]
  /** The roster, and after it whatever else says who there is: the first that knows anybody decides. */
  readonly onDuty: readonly OnDuty[]
  /** How the people that a ticket names are reached. */
  readonly contacts: (personIds: readonly string[]) => Promise<readonly Contact[]>
  /** Has the unit taken the ticket? */
  readonly isAccepted: (ticketId: string) => Promise<boolean>
}

/** The entry with its people and its first channel, or withheld with the reason. */
export async function routeOutgoing(entry: OutboxEntry, routing: Routing, at: Instant): Promise<OutboxEntry> {
  const { outgoing } = entry
  if (outgoing.exercise) return withhold(entry, DRILL, at)
  if (outgoing.audience === 'programs') {
    const { channel } = outgoing
    const isThere = routing.channels.some(({ id }) => id === channel)
    return isThere ? { ...entry, channel } : withhold(entry, goneChannel(channel), at)
  }
  const { unless, ticketId } = outgoing
  if (unless === 'accepted' && ticketId !== undefined && (await routing.isAccepted(ticketId)))
    return withhold(entry, ACCEPTED, at)
  const reached = await reachPeople(outgoing.to, routing, outgoing.dueAt)
  const channel = channelOf({
    channels: channelsOfEntry({ outgoing, reached }, routing.channels),
    failures: entry.failures,
  })
  if (channel === undefined) return withhold({ ...entry, reached }, NO_CHANNEL, at)
  return { ...entry, channel, reached }
}

/** All channels that an entry may go by, in the order to try them. */
export function channelsOfEntry(
  { outgoing, reached }: { readonly outgoing: OutboxEntry['outgoing']; readonly reached?: Reached },
  channels: readonly ChannelScope[],
): readonly string[] {
  if (outgoing.audience === 'programs') return [outgoing.channel]
  const to = { ...outgoing.to, reached: reached?.rung ?? outgoing.to.rung }
  return channelsFor(to, outgoing, channels)
}

/** The crew that the ticket names, else who is on duty, else the rungs above (nobody is told at an empty chair). */
async function reachPeople(to: Address, routing: Routing, at: Instant): Promise<Reached> {
  const named = to.personIds === undefined ? [] : await routing.contacts(to.personIds)
  if (named.length > 0) return { rung: to.rung, people: named.map(contactOf) }
  for (const onDuty of routing.onDuty) {
    const reached = await climb(to, onDuty, at)
    if (reached.people.length > 0) return reached
  }
  return { rung: to.rung, people: [] }
}

async function climb(to: Address, onDuty: OnDuty, at: Instant): Promise<Reached> {
  const holders = new Map<Rung, readonly Contact[]>()
  for (const rung of RUNGS.slice(RUNGS.indexOf(to.rung))) {
    const people = await onDuty(departmentOfRung(rung, to.departmentId), rung, at)
    holders.set(rung, people.map(contactOf))
    if (people.length > 0) break
  }
  return reach(to.rung, holders)
}

/** What is kept of somebody on duty: how to reach them and nothing else. */
function contactOf({ id, name, phone, email }: Contact): Contact {
  return { id, name, ...(phone === undefined ? {} : { phone }), ...(email === undefined ? {} : { email }) }
}

const DRILL: LocalizedText = { zh: '演练:不对外发送', en: 'a drill: nothing goes outside' }
const ACCEPTED: LocalizedText = { zh: '工单已接,无需再通知', en: 'accepted meanwhile, nothing more to tell' }
export const NO_CHANNEL: LocalizedText = {
  zh: '没有为此配置通知通道',
  en: 'no channel is configured for this',
}

function goneChannel(id: string): LocalizedText {
  return { zh: `通道 ${id} 已不存在`, en: `the channel ${id} is gone` }
}

function withhold(entry: OutboxEntry, why: LocalizedText, at: Instant): OutboxEntry {
  return { ...entry, state: 'withheld', why: why.zh, whyEn: why.en, doneAt: at }
}

export function isForPeople(entry: OutboxEntry): entry is OutboxEntry<Notification> {
  return entry.outgoing.audience === 'people'
}
