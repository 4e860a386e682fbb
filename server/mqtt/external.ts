import { once } from 'node:events'
import { connect, type IPublishPacket } from 'mqtt'
import { CHANNELS, commandTopic, parseTopic, TOPIC_ROOT, type Channel } from '#contract/topics.ts'
import type { Log } from '../flows/ports.ts'

export interface DevicePublish {
  readonly deviceId: string
  readonly channel: Channel
  readonly body: Buffer
  readonly topic: string
}
/** Calls back once the message is on disk; an error means that it is not. */
export type Ingest = (message: DevicePublish, done: (error?: Error | null) => void) => void

export interface ExternalMqttOptions {
  readonly url: string
  readonly username?: string
  readonly password?: string
  /** Fixed, so that the broker keeps our session and what arrives while we are away. */
  readonly clientId?: string
  readonly ingest: Ingest
  /** Hears of a message on a topic that is none of ours. */
  readonly refused?: (sender: {
    reason: 'foreign_topic'
    clientId: string
    topic: string
    body: Buffer
  }) => void
  readonly log: Log
  readonly retryMs?: number
}

interface ExternalMqttStats {
  readonly connects: number
  readonly messages: number
  readonly messagesPerMinute: number
  /** Messages on topics that are none of ours: acknowledged, else the broker would send them for ever. */
  readonly foreign: number
  /** Messages that could not be written and that the broker keeps for us. */
  readonly refused: number
}

export interface ExternalMqtt {
  /** True while connected and subscribed. */
  connected(): boolean
  publishCommand(deviceId: string, name: string, payload: string | Buffer): Promise<void>
  stats(): ExternalMqttStats
  close(): Promise<void>
}

const TOPICS = CHANNELS.map((channel) => `${TOPIC_ROOT}/+/${channel}`)
const RETRY_MS = 2000
const COMMAND_TIMEOUT_MS = 10_000
/** Messages that wait for the journal; the broker's are read no further. */
const MAX_IN_FLIGHT = 1000
/** To mqtt.js an error means: no PUBACK of its own. */
const LATER = new Error('acknowledged when the journal has it')

/** The server as a client of an external broker: it acknowledges a message when the journal has it. */
export function createExternalMqtt(options: ExternalMqttOptions): ExternalMqtt {
  const { ingest, log, url, retryMs = RETRY_MS } = options
  const seconds = new Array<number>(60).fill(0)
  let second = 0
  let [connects, messages, foreign, refused] = [0, 0, 0, 0]
  let subscribed = false
  let inFlight = 0
  const held: ((error: Error) => void)[] = []
  let closing = false

  // Messages of the kept session arrive with the CONNACK: the handler must be there before.
  const client = connect(url, {
    clientId: options.clientId ?? 'wellwatch-server',
    clean: false,
    protocolVersion: 4,
    manualConnect: true,
    resubscribe: false,
    reconnectPeriod: retryMs,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
  })
  // mqtt.js handles one message after the other, until each is called back: a commit for each would be
  // slow. So it goes on at once, and the PUBACK is sent by hand when the journal has the message.
  client.handleMessage = (packet, goOn) => {
    const { stream } = client
    inFlight++
    take(packet, (error) => {
      inFlight--
      if (error) stream.destroy()
      else if (packet.messageId !== undefined && stream === client.stream && !stream.destroyed) {
        stream.write(Buffer.from([0x40, 2, packet.messageId >> 8, packet.messageId & 255]))
      }
      while (inFlight < MAX_IN_FLIGHT && held.length > 0) held.shift()?.(LATER)
    })
    if (inFlight < MAX_IN_FLIGHT) goOn(LATER)
    else held.push(goOn)
  }

  function take(packet: IPublishPacket, done: (error?: Error | null) => void): void {
    messages++
    seconds[second] = (seconds[second] ?? 0) + 1
    const topic = parseTopic(packet.topic)
    if (topic === undefined || topic.kind === 'command' || topic.kind === 'command_result') {
      foreign++
      options.refused?.({
        reason: 'foreign_topic',
        clientId: packet.topic.split('/')[2] ?? '',
        topic: packet.topic,
        body: Buffer.from(packet.payload),
      })
      log.warn({ topic: packet.topic.slice(0, 200) }, 'a message outside the topics of the contract')
      return done()
    }
    const { deviceId, kind: channel } = topic
    const body = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
    ingest({ deviceId, channel, body, topic: packet.topic }, (error) => {
      if (error) {
        refused++
        log.error({ err: error, device: deviceId }, 'a message could not be written; the broker keeps it')
      }
      done(error)
    })
  }

  client.on('connect', () => {
    connects++
    client
      .subscribeAsync(TOPICS, { qos: 1 })
      .then((granted) => {
        const denied = granted.filter(({ qos }) => qos === 128)
        if (denied.length > 0) log.error({ denied }, 'the broker refuses our subscriptions')
        subscribed = denied.length === 0
      })
      .catch((error: unknown) => log.warn({ err: error }, 'subscribing failed'))
  })
  client.on('close', () => {
    if (subscribed) log.warn({ url }, 'the connection to the broker is lost')
    subscribed = false
  })
  client.on('error', (error) => log.warn({ err: error }, 'the broker refuses or cannot be reached'))
  client.connect()

  const everySecond = setInterval(() => {
    second = (second + 1) % 60
    seconds[second] = 0
  }, 1000)

  return {
    connected: () => subscribed,
    async publishCommand(deviceId, name, payload) {
      if (!client.connected) throw new Error('not connected to the broker')
      const timeout = AbortSignal.timeout(COMMAND_TIMEOUT_MS)
      const late = once(timeout, 'abort').then(() => Promise.reject(new Error('the broker does not answer')))
      await Promise.race([client.publishAsync(commandTopic(deviceId, name), payload, { qos: 1 }), late])
    },
    stats: () => ({
      connects,
      messages,
      messagesPerMinute: seconds.reduce((sum, count) => sum + count, 0),
      foreign,
      refused,
    }),
    async close() {
      if (closing) return
      closing = true
      clearInterval(everySecond)
      await client.endAsync(true)
    },
  }
}
