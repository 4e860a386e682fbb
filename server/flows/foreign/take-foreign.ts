import { signalDefinition } from '#contract/signals.ts'
import type { PushAnswer, RunAnswer } from '#contract/gateways.ts'
import { channelTopic } from '#contract/topics.ts'
import type { LocalizedText } from '#contract/text.ts'
import { DAY, type Instant } from '../../domain/instant.ts'
import type { PlacedDevice } from '../../domain/network/network.ts'
import type { Translation, TranslatedMessage } from '../../domain/translation/read-translation.ts'
import type { Clock } from '../ports.ts'
import type { Ingest, IngestOutcome } from '../readings/ingest.ts'
import type { UnknownSenders } from '../readings/unknown-senders.ts'
import type { ForeignStore } from './foreign-store.ts'
import type { Gateways, KeptGateway } from './gateways.ts'
import { lateMessages, nativeMessages, type NativeMessage, type PastMessage } from './native-bodies.ts'
import type { Profiles } from './profiles.ts'
import type { ForeignMessage, Translator } from './translate.ts'

/** A message as it came, and what became of it. */
export interface RecentForeign extends ForeignMessage {
  readonly gateway: string
  readonly profile?: string
  readonly why?: LocalizedText
}

export interface ForeignDoor {
  /** Resolves once all of the message is on disk, here or there; an error means that it is not. */
  take(gateway: KeptGateway, message: Omit<ForeignMessage, 'receivedAt'>): Promise<PushAnswer>
  /** What waited for this alias, as late readings of the device that has it now. */
  replay(alias: string, device: PlacedDevice): Promise<number>
  /** Runs a profile over what is set aside. */
  run(profileId: string): Promise<RunAnswer>
  /** The newest first. */
  recent(): readonly RecentForeign[]
  /** When a gateway was last heard. */
  heardAt(gatewayId: string): Instant | undefined
}

export interface ForeignDoorParts {
  readonly gateways: Gateways
  readonly profiles: Pick<Profiles, 'find'>
  readonly translator: Pick<Translator, 'translate'>
  readonly deviceBy: (alias: string) => PlacedDevice | undefined
  readonly ingest: Pick<Ingest, 'ingest'>
  readonly store: ForeignStore
  readonly unknown: Pick<UnknownSenders, 'hear'>
  readonly clock: Clock
}

const MAX_RECENT = 50
const WAITS_MS = DAY
const EXPIRE_EVERY_MS = DAY / 24
const RUN_AT_ONCE = 500

const NO_PROFILE: LocalizedText = {
  zh: '网关的报文配置都不接收这个主题',
  en: 'no profile of the gateway takes messages of this topic',
}

type Understood = Extract<Translation, { kind: 'understood' }>

/**
 * The door for messages of platforms. What is understood of known devices goes through the one ingest; what no
 * profile understands, and what is said of devices that nobody knows, waits on disk for somebody. Nothing is
 * answered before that.
 */
export function createForeignDoor(parts: ForeignDoorParts): ForeignDoor {
  const { gateways, profiles, translator, deviceBy, ingest, store, unknown, clock } = parts
  const recent: RecentForeign[] = []
  const heard = new Map<string, Instant>()
  let expiredAt = 0

  return {
    async take(gateway, { topic, bytes }) {
      const message = { topic, bytes, receivedAt: clock.now() }
      heard.set(gateway.id, message.receivedAt)
      const read = await translated(gateway, message)
      const { profile } = read
      remember({
        ...message,
        gateway: gateway.id,
        ...(profile === undefined ? {} : { profile }),
        ...whyOf(read),
      })
      if (read.kind === 'understood') return sortOut(gateway, message, read)
      await store.setAside({ ...message, gateway: gateway.id, why: read.said })
      return { accepted: 0, waiting: 0, rejected: [{ index: 0, reason: 'not_understood' }] }
    },
    async replay(alias, device) {
      const waiting = await store.waitingOf(alias, clock.now() - WAITS_MS)
      const own = waiting.filter(({ gateway }) => gateway === device.gateway)
      const past = own.map(({ message, receivedAt }) => pastOf(message, receivedAt))
      await journal(device.id, lateMessages(past, device.signals))
      await store.forgetWaiting(alias)
      return past.length
    },
    run,
    recent: () => recent,
    heardAt: (id) => heard.get(id),
  }

  async function translated(gateway: KeptGateway, message: ForeignMessage) {
    let said = NO_PROFILE
    for (const profile of gateways.profilesFor(gateway, message.topic)) {
      const read = await translator.translate(profile, message)
      if (read.kind === 'understood') return { ...read, profile: profile.id }
      said = read.said
    }
    return { kind: 'not-understood' as const, said, profile: undefined }
  }

  async function sortOut(
    gateway: KeptGateway,
    message: ForeignMessage,
    read: Understood,
  ): Promise<PushAnswer> {
    const rejected: PushAnswer['rejected'] = []
    const known = new Map<PlacedDevice, TranslatedMessage[]>()
    const strangers: TranslatedMessage[] = []
    for (const [index, one] of read.messages.entries()) {
      const device = deviceBy(one.alias)
      if (device === undefined) strangers.push(one)
      else if (device.gateway !== gateway.id) rejected.push({ index, reason: 'not_yours' })
      else known.set(device, [...(known.get(device) ?? []), one])
    }
    const outcomes = await Promise.all([
      ...Array.from(known, ([device, said]) => journal(device.id, nativeMessages(said, device.signals))),
      wait(gateway, message, strangers).then(() => []),
    ])
    const all = outcomes.flat()
    return {
      accepted: all.reduce((sum, { accepted }) => sum + accepted, 0),
      waiting: strangers.length,
      rejected: [...rejected, ...all.flatMap((outcome) => outcome.rejected)],
    }
  }

  async function wait(
    gateway: KeptGateway,
    { topic, bytes, receivedAt }: ForeignMessage,
    strangers: readonly TranslatedMessage[],
  ): Promise<void> {
    for (const [alias, said] of Map.groupBy(strangers, (one) => one.alias)) {
      const names = new Set(said.flatMap(({ values }) => Object.keys(values)))
      unknown.hear({
        ...{ clientId: alias, alias, gateway: gateway.id, reason: 'unknown_alias' },
        topic: topic === '' ? `/push/${gateway.id}` : topic,
        body: bytes,
        signals: [...names].filter((name) => signalDefinition(name) !== undefined),
      })
    }
    await Promise.all(
      strangers.map((message) =>
        store.wait({ alias: message.alias, gateway: gateway.id, receivedAt, message }),
      ),
    )
    if (strangers.length === 0 || receivedAt - expiredAt < EXPIRE_EVERY_MS) return
    expiredAt = receivedAt
    await store.expire(receivedAt - WAITS_MS)
  }

  async function run(profileId: string): Promise<RunAnswer> {
    const profile = profiles.find(profileId)
    const users = gateways.all().filter((gateway) => gateway.profiles.includes(profileId))
    const totals = { understood: 0, accepted: 0, waiting: 0 }
    if (profile === undefined || users.length === 0) return { ...totals, left: 0 }
    const of = users.map(({ id }) => id)
    const aside = await store.listAside({ newest: RUN_AT_ONCE * 20, of })
    const past = new Map<PlacedDevice, PastMessage[]>()
    const done: number[] = []
    for (const { id, gateway, topic, bytes, receivedAt } of aside) {
      const from = users.find((one) => one.id === gateway)
      if (from === undefined || !gateways.profilesFor(from, topic).includes(profile)) continue
      const read = await translator.translate(profile, { topic, bytes, receivedAt })
      if (read.kind !== 'understood') continue
      done.push(id)
      const strangers: TranslatedMessage[] = []
      for (const one of read.messages) {
        const device = deviceBy(one.alias)
        if (device === undefined) strangers.push(one)
        else if (device.gateway === gateway)
          past.set(device, [...(past.get(device) ?? []), pastOf(one, receivedAt)])
      }
      await wait(from, { topic, bytes, receivedAt }, strangers)
      totals.waiting += strangers.length
    }
    for (const [device, said] of past) {
      const outcomes = await journal(device.id, lateMessages(said, device.signals))
      totals.accepted += outcomes.reduce((sum, { accepted }) => sum + accepted, 0)
    }
    await store.forgetAside(done)
    return { ...totals, understood: done.length, left: aside.length - done.length }
  }

  function journal(deviceId: string, messages: readonly NativeMessage[]): Promise<IngestOutcome[]> {
    return Promise.all(
      messages.map(
        ({ channel, body }) =>
          new Promise<IngestOutcome>((resolve, reject) => {
            const topic = channelTopic(deviceId, channel)
            ingest.ingest({ deviceId, channel, topic, body }, (error, outcome) => {
              if (error !== undefined || outcome === undefined) reject(error ?? new Error('no outcome'))
              else resolve(outcome)
            })
          }),
      ),
    )
  }

  function remember(message: RecentForeign): void {
    recent.unshift(message)
    if (recent.length > MAX_RECENT) recent.pop()
  }
}

function whyOf(read: Translation): { why?: LocalizedText } {
  return read.kind === 'not-understood' ? { why: read.said } : {}
}

function pastOf(message: TranslatedMessage, receivedAt: Instant): PastMessage {
  return { ...message, ts: message.ts ?? receivedAt }
}
