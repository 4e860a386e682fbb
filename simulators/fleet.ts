import { setTimeout as wait } from 'node:timers/promises'
import mqtt from 'mqtt'
import type { MqttClient } from 'mqtt'
import type { Channel } from '#contract/topics.ts'
import { channelTopic } from '#contract/topics.ts'
import { createConcurrencyLimit } from './limit-concurrency.ts'

/** Devices as real MQTT clients. */
export interface Fleet {
  /** Connects with jitter, at most `perSecond` a second; rejects when the broker refuses a device. */
  connect(deviceIds: readonly string[]): Promise<void>
  /** Resolves with the acknowledgement; false when the device's queue is full and the message was dropped. */
  publish(deviceId: string, channel: Channel, body: unknown): Promise<boolean>
  /** Ends a device's connection in good order. */
  disconnect(deviceId: string): Promise<void>
  close(): Promise<void>
  readonly connected: number
  readonly dropped: number
}

export interface FleetOptions {
  readonly url: string
  readonly password: string
  readonly perSecond?: number
  /** Messages without an acknowledgement, in the whole fleet. */
  readonly inFlight?: number
  /** What a device says of itself (retained). */
  readonly attributes?: (deviceId: string) => object
}

const CONNECT_TIMEOUT = 20_000
const FIRST_RETRY = 1_000
const LAST_RETRY = 60_000
const ATTEMPTS = 3
const QUEUED_PER_DEVICE = 100
const REFUSALS = new Set([1, 2, 4, 5])

interface Member {
  readonly client: MqttClient
  queued: number
  retryMs: number
  /** Once in, a device comes back for ever; before that, a few attempts must do. */
  known: boolean
  attempts: number
}

export function createFleet(options: FleetOptions): Fleet {
  const members = new Map<string, Member>()
  const gate = createConcurrencyLimit(options.inFlight ?? 256)
  const perSecond = options.perSecond ?? 250
  let dropped = 0

  async function publish(deviceId: string, channel: Channel, body: unknown): Promise<boolean> {
    const member = members.get(deviceId)
    if (member === undefined) throw new Error(`device ${deviceId} is not connected`)
    if (member.queued >= QUEUED_PER_DEVICE) {
      dropped += 1
      return false
    }
    member.queued += 1
    const leave = await gate.enter()
    try {
      const retain = channel === 'status' || channel === 'attributes'
      await member.client.publishAsync(channelTopic(deviceId, channel), JSON.stringify(body), {
        qos: 1,
        retain,
      })
      return true
    } finally {
      leave()
      member.queued -= 1
    }
  }

  function join(deviceId: string): Promise<void> {
    const member: Member = {
      client: clientOf(deviceId, options),
      queued: 0,
      retryMs: FIRST_RETRY,
      known: false,
      attempts: 0,
    }
    members.set(deviceId, member)
    const { client } = member
    return new Promise((resolve, reject) => {
      client.on('connect', () => {
        member.known = true
        member.retryMs = FIRST_RETRY
        client.options.reconnectPeriod = withJitter(FIRST_RETRY)
        const hello = [publish(deviceId, 'status', { state: 'online' })]
        if (options.attributes !== undefined) {
          hello.push(publish(deviceId, 'attributes', options.attributes(deviceId)))
        }
        // A hello cut off by a lost connection is said again at the next one.
        Promise.all(hello).then(
          () => resolve(),
          () => undefined,
        )
      })
      client.on('close', () => {
        // A fleet that comes back after an outage must not come back all at once.
        member.retryMs = Math.min(LAST_RETRY, member.retryMs * 2)
        client.options.reconnectPeriod = withJitter(member.retryMs)
      })
      client.on('error', (error) => {
        member.attempts += 1
        const refused = 'code' in error && REFUSALS.has(Number(error.code))
        if (member.known || (!refused && member.attempts < ATTEMPTS)) return
        client.end(true)
        reject(new ConnectionRefused(deviceId, options.url, { cause: error }))
      })
    })
  }

  return {
    async connect(deviceIds) {
      const joining: Promise<void>[] = []
      const failed = new AbortController()
      for (const id of deviceIds) {
        if (failed.signal.aborted) break
        const joined = join(id)
        joined.catch(() => failed.abort())
        joining.push(joined)
        await wait((1000 / perSecond) * (0.5 + Math.random()))
      }
      await Promise.all(joining)
    },
    publish,
    async disconnect(deviceId) {
      await members.get(deviceId)?.client.endAsync()
      members.delete(deviceId)
    },
    async close() {
      await Promise.all([...members.values()].map(({ client }) => client.endAsync(true)))
      members.clear()
    },
    get connected() {
      return [...members.values()].filter(({ client }) => client.connected).length
    },
    get dropped() {
      return dropped
    },
  }
}

/** User name = client id = device id; the will says that the device has gone. */
function clientOf(deviceId: string, { url, password }: FleetOptions): MqttClient {
  return mqtt.connect(url, {
    clientId: deviceId,
    username: deviceId,
    password,
    protocolVersion: 4,
    clean: true,
    keepalive: 60,
    connectTimeout: CONNECT_TIMEOUT,
    reconnectPeriod: withJitter(FIRST_RETRY),
    will: {
      topic: channelTopic(deviceId, 'status'),
      payload: Buffer.from(JSON.stringify({ state: 'offline' })),
      qos: 1,
      retain: true,
    },
  })
}

function withJitter(ms: number): number {
  return Math.round(ms * (0.75 + 0.5 * Math.random()))
}

/** The broker refuses the device, or there is none at the address. */
class ConnectionRefused extends Error {
  override readonly name = 'ConnectionRefused'
  constructor(deviceId: string, url: string, options: { cause: Error }) {
    super(`${deviceId} cannot connect to ${url}: ${reasonOf(options.cause)}`, options)
  }
}

/** Trying both addresses of `localhost` fails with two reasons and no sentence of its own. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((one: unknown) => String(one)).join('; ')
  return error.message || error.name
}
