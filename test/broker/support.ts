import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { createBroker, type Broker, type BrokerOptions } from '../../broker/broker.ts'
import { createOpenBroker } from '../../broker/open-broker.ts'
import type { DevicePublish } from '../../broker/connection.ts'
import type { Ingest } from '../../broker/publish-handler.ts'
import type { Addresses } from '../../broker/listeners.ts'

export const silentLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

export interface TestBroker {
  readonly broker: Broker
  readonly addresses: Addresses
  readonly port: number
  /** What was ingested, in order. */
  readonly messages: DevicePublish[]
  readonly path: string
  close(): Promise<void>
}

export interface TestBrokerOptions extends Partial<BrokerOptions> {
  readonly where?: Partial<Addresses>
}

/** A broker on a free port of the loopback, where every device's secret is `secret-` and its id. */
export async function openBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const directory = await mkdtemp(join(tmpdir(), 'wellwatch-broker-'))
  const path = options.persistencePath ?? join(directory, 'sessions.db')
  const messages: DevicePublish[] = []
  const ingest: Ingest = options.ingest ?? ((_message, done) => done())
  const common = { persistencePath: path, log: silentLog, ...options }
  const broker =
    options.open === true
      ? createOpenBroker(common)
      : createBroker({
          authenticate: async (id, secret) => secret === `secret-${id}`,
          ...common,
          ingest: (message, done) => {
            messages.push({ ...message, body: Buffer.from(message.body) })
            ingest(message, done)
          },
        })
  const addresses = await broker.listen({ host: '127.0.0.1', mqttPort: 0, ...options.where })
  return {
    broker,
    addresses,
    port: addresses.mqttPort,
    messages,
    path,
    close: async () => {
      await broker.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Brokers of a test file: what a test opens is closed after it. */
export function useBrokers(): { open: typeof openBroker; closeLast(): Promise<void> } {
  const opened: TestBroker[] = []
  afterEach(async () => {
    for (const broker of opened.splice(0)) await broker.close()
  })
  return {
    async open(options) {
      const broker = await openBroker(options)
      opened.push(broker)
      return broker
    },
    closeLast: async () => opened.pop()?.close(),
  }
}

/** A device as it should be. */
export async function device(port: number, id: string, more: IClientOptions = {}): Promise<MqttClient> {
  return connectAsync(`mqtt://127.0.0.1:${port}`, {
    clientId: id,
    username: id,
    password: `secret-${id}`,
    reconnectPeriod: 0,
    connectTimeout: 10_000,
    ...more,
  })
}

export interface RawClient {
  readonly socket: Socket
  send(...bytes: (number | Buffer)[]): void
  /** Everything received so far. */
  received(): Buffer
  /** Resolves with what was received once the server has closed. */
  readonly closed: Promise<Buffer>
  /** Resolves when at least so many bytes have come. */
  bytes(count: number): Promise<Buffer>
}

export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1' })
  await new Promise((connected) => socket.once('connect', connected))
  let received = Buffer.alloc(0)
  const closed = new Promise<Buffer>((done) => socket.once('close', () => done(received)))
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, Buffer.from(chunk)])
    socket.emit('more')
  })
  socket.on('error', () => undefined)
  return {
    socket,
    send: (...bytes) =>
      socket.write(
        Buffer.concat(bytes.map((part) => (typeof part === 'number' ? Buffer.from([part]) : part))),
      ),
    received: () => received,
    closed,
    async bytes(count) {
      while (received.length < count) await new Promise((more) => socket.once('more', more))
      return received
    },
  }
}

/** Length-prefixed field of MQTT. */
export function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

export function frame(first: number, ...parts: (number | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : part)))
  const length: number[] = []
  let rest = body.length
  do {
    length.push((rest & 127) | (rest > 127 ? 128 : 0))
    rest >>= 7
  } while (rest > 0)
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

export interface ConnectFields {
  readonly protocol?: string | Buffer
  readonly level?: number
  readonly flags?: number
  readonly keepAliveS?: number
  readonly clientId?: string | Buffer
  readonly will?: readonly [topic: string | Buffer, payload: string | Buffer]
  readonly username?: string | Buffer
  readonly password?: string | Buffer
  readonly excess?: Buffer
}

/** A CONNECT, lawful unless told otherwise. */
export function connectFrame(fields: ConnectFields = {}): Buffer {
  const { protocol = 'MQTT', level = 4, flags = 0xc2, keepAliveS = 60, clientId = 'd1' } = fields
  const { will, username = 'd1', password = 'secret-d1', excess = Buffer.alloc(0) } = fields
  return frame(
    0x10,
    field(protocol),
    level,
    flags,
    keepAliveS >> 8,
    keepAliveS & 255,
    field(clientId),
    ...(will === undefined ? [] : [field(will[0]), field(will[1])]),
    ...((flags & 0x80) === 0 ? [] : [field(username)]),
    ...((flags & 0x40) === 0 ? [] : [field(password)]),
    excess,
  )
}

export function publishFrame(topic: string, payload: string | Buffer, packetId?: number): Buffer {
  const id = packetId === undefined ? [] : [packetId >> 8, packetId & 255]
  return frame(packetId === undefined ? 0x30 : 0x32, field(topic), ...id, Buffer.from(payload))
}

export const CONNACK_OK = Buffer.from([0x20, 2, 0, 0])

/** A raw connection that has signed in as `d1`. */
export async function signedIn(port: number): Promise<RawClient> {
  const raw = await rawClient(port)
  raw.send(connectFrame())
  await raw.bytes(4)
  return raw
}

/** What a raw CONNECT gets: the return code, or nothing but the end. */
export async function answerTo(port: number, connectBytes: Buffer): Promise<number | 'closed'> {
  const raw = await rawClient(port)
  raw.send(connectBytes)
  const answer = await raw.closed
  return answer[3] ?? 'closed'
}
