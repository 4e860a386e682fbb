import { afterEach } from 'vitest'
import { connectFrame, field, frame, openBroker, rawClient, type ConnectFields } from '../support.ts'
import type { TestBroker, TestBrokerOptions } from '../support.ts'

/** A packet from the broker. */
export interface Received {
  readonly type: number
  readonly flags: number
  readonly body: readonly number[]
}

export interface Message {
  readonly topic: string
  readonly text: string
  readonly qos: number
  readonly retain: boolean
  readonly dup: boolean
  readonly id: number | undefined
}

export const TYPE = {
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  suback: 9,
  unsuback: 11,
  pingresp: 13,
} as const

const idBytes = (id: number): [number, number] => [id >> 8, id & 255]

export const pubackFrame = (id: number) => frame(0x40, ...idBytes(id))
export const pubrecFrame = (id: number) => frame(0x50, ...idBytes(id))
export const pubrelFrame = (id: number) => frame(0x62, ...idBytes(id))
export const pubcompFrame = (id: number) => frame(0x70, ...idBytes(id))
export const subscribeFrame = (id: number, ...filters: [filter: string, qos: number][]) =>
  frame(0x82, ...idBytes(id), ...filters.flatMap(([filter, qos]) => [field(filter), qos]))
export const unsubscribeFrame = (id: number, ...filters: string[]) =>
  frame(0xa2, ...idBytes(id), ...filters.map((filter) => field(filter)))
export const DISCONNECT = frame(0xe0)
export const PINGREQ = frame(0xc0)

export interface Publishing {
  readonly qos?: 0 | 1 | 2
  readonly id?: number
  readonly retain?: boolean
  readonly dup?: boolean
}

export function messageFrame(topic: string, text: string, more: Publishing = {}): Buffer {
  const { qos = 0, id = 1, retain = false, dup = false } = more
  const first = 0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0)
  return frame(first, field(topic), ...(qos === 0 ? [] : idBytes(id)), Buffer.from(text))
}

/** One raw connection whose packets are taken one after the other. */
export type Wire = Awaited<ReturnType<typeof openWire>>

async function openWire(port: number) {
  const raw = await rawClient(port)
  let taken = 0

  /** The next packet, or undefined when the connection has ended without one. */
  async function next(): Promise<Received | undefined> {
    for (;;) {
      const found = packetAt(raw.received(), taken)
      if (found !== undefined) {
        taken = found.end
        return found.packet
      }
      if (raw.socket.destroyed) return undefined
      await new Promise<void>((resume) => {
        const go = (): void => {
          raw.socket.off('more', go).off('close', go)
          resume()
        }
        raw.socket.once('more', go).once('close', go)
      })
    }
  }

  async function expectType(type: number): Promise<Received> {
    const packet = await next()
    if (packet?.type !== type) throw new Error(`expected packet ${type}, got ${JSON.stringify(packet)}`)
    return packet
  }

  return {
    raw,
    next,
    send: raw.send,
    /** Sends and takes what must be the answer. */
    async ask(bytes: Buffer, type: number): Promise<Received> {
      raw.send(bytes)
      return expectType(type)
    },
    expect: expectType,
    /** The next so many packets, all of one type. */
    async series(type: number, count: number): Promise<Received[]> {
      const packets: Received[] = []
      while (packets.length < count) packets.push(await expectType(type))
      return packets
    },
    async message(): Promise<Message> {
      return messageOf(await expectType(TYPE.publish))
    },
    /** The messages that have come by the time a ping is answered; nothing else may have. */
    async messages(): Promise<Message[]> {
      raw.send(PINGREQ)
      const found: Message[] = []
      for (let packet = await next(); packet?.type !== TYPE.pingresp; packet = await next()) {
        if (packet?.type !== TYPE.publish) throw new Error(`unexpected packet ${JSON.stringify(packet)}`)
        found.push(messageOf(packet))
      }
      return found
    },
    /** Every packet up to the end of the connection. */
    async rest(): Promise<Received[]> {
      await raw.closed
      const packets: Received[] = []
      for (let packet = await next(); packet !== undefined; packet = await next()) packets.push(packet)
      return packets
    },
    cut: () => raw.socket.destroy(),
  }
}

function packetAt(bytes: Buffer, at: number): { packet: Received; end: number } | undefined {
  let length = 0
  for (let index = at + 1, shift = 0; index < bytes.length; index++, shift += 7) {
    const byte = bytes[index] ?? 0
    length += (byte & 127) << shift
    if ((byte & 128) !== 0) continue
    const end = index + 1 + length
    if (end > bytes.length) return undefined
    const first = bytes[at] ?? 0
    return { packet: { type: first >> 4, flags: first & 15, body: [...bytes.subarray(index + 1, end)] }, end }
  }
  return undefined
}

export function messageOf({ flags, body }: Received): Message {
  const bytes = Buffer.from(body)
  const topicEnd = 2 + bytes.readUInt16BE(0)
  const qos = (flags >> 1) & 3
  const textStart = qos === 0 ? topicEnd : topicEnd + 2
  return {
    topic: bytes.toString('utf8', 2, topicEnd),
    text: bytes.toString('utf8', textStart),
    qos,
    retain: (flags & 1) !== 0,
    dup: (flags & 8) !== 0,
    id: qos === 0 ? undefined : bytes.readUInt16BE(topicEnd),
  }
}

export const idOf = ({ body }: Received): number => ((body[0] ?? 0) << 8) | (body[1] ?? 0)

const CLEAN = 0x02
export const SESSION = 0x00

/** Brokers and connections of one test file; everything is closed after each test. */
export function conformanceWorld(options: TestBrokerOptions = {}) {
  let broker: TestBroker | undefined
  let wires: Wire[] = []
  afterEach(async () => {
    for (const wire of wires) wire.cut()
    wires = []
    await broker?.close()
    broker = undefined
  })

  async function wire(): Promise<Wire> {
    broker ??= await openBroker({ open: true, ...options })
    const opened = await openWire(broker.port)
    wires.push(opened)
    return opened
  }
  /** A connection that has signed in; `present` is session present of its CONNACK. */
  async function client(clientId: string, fields: ConnectFields = {}) {
    const opened = await wire()
    const connack = await opened.ask(connectFrame({ flags: CLEAN, clientId, ...fields }), TYPE.connack)
    return { ...opened, present: connack.body[0] === 1, code: connack.body[1] }
  }
  return {
    wire,
    client,
    /** One that has subscribed. */
    async subscriber(clientId: string, filters: [filter: string, qos: number][], fields: ConnectFields = {}) {
      const opened = await client(clientId, fields)
      await opened.ask(subscribeFrame(1, ...filters), TYPE.suback)
      return opened
    },
    /** Publishes and waits until the broker has the message whole. */
    async publish(topic: string, text: string, more: Publishing = {}): Promise<void> {
      const publisher = await client(`p${Math.round(performance.now() * 1000)}`)
      publisher.send(messageFrame(topic, text, more))
      if (more.qos === 1) await publisher.expect(TYPE.puback)
      if (more.qos === 2) {
        await publisher.expect(TYPE.pubrec)
        await publisher.ask(pubrelFrame(more.id ?? 1), TYPE.pubcomp)
      }
      await publisher.ask(PINGREQ, TYPE.pingresp)
      publisher.send(DISCONNECT)
      await publisher.raw.closed
    },
    broker: () => {
      if (broker === undefined) throw new Error('no broker was opened')
      return broker
    },
  }
}
