import { fork } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { createHistogram } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadDevice, SIGNALS } from './network.ts'
import { SECRET } from './server.ts'

/** What the devices of the load do. They run in a process of their own, on plain sockets, QoS 1. */
export interface LoadOrder {
  readonly port: number
  readonly devices: number
  /** Values in a sample, 1 or 8. */
  readonly values: number
  /** Samples in a message, a second apart; 1 unless told. */
  readonly batch?: number
  /** Messages a second of all together; undefined: as fast as they are acknowledged. */
  readonly rate?: number
  /** Undefined: until told to stop or the server is gone. */
  readonly seconds?: number
  /** Keeps every acknowledged sample. */
  readonly keep?: boolean
}

/** Device, device time and the first value of a sample whose PUBACK has come. */
export type Acknowledged = readonly [device: number, ts: number, value: number]

export interface LoadResult {
  readonly sent: number
  readonly acknowledged: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuSeconds: number
  readonly kept: readonly Acknowledged[]
}

export interface Load {
  /** Resolves when all are connected and begin to send. */
  readonly begun: Promise<unknown>
  readonly result: Promise<LoadResult>
  stop(): void
}

/** Starts the devices; the result comes when they stop. */
export function startLoad(order: LoadOrder): Load {
  const child = fork(import.meta.filename, [JSON.stringify(order)], { serialization: 'advanced' })
  const begun = Promise.withResolvers<undefined>()
  const result = new Promise<LoadResult>((resolve, reject) => {
    child.on('message', (message) => {
      if (message === 'begun') begun.resolve(undefined)
      else resolve(message as LoadResult)
    })
    child.once('exit', (code) => reject(new Error(`the devices stopped with ${String(code)}`)))
  })
  return { begun: Promise.race([begun.promise, result]), result, stop: () => void child.send('stop') }
}

export const runLoad = (order: LoadOrder): Promise<LoadResult> => startLoad(order).result

const TICK_MS = 5
const BATCH_STEP_MS = 1000
/** From one address no more may wait for their sign-in than a thousand: the broker turns the oldest away. */
const CONNECT_AT_ONCE = 500
/** Messages of one device that wait for their acknowledgement; a device that has so many skips a turn. */
const WINDOW_FLAT_OUT = 50
const WINDOW_PACED = 1000
/** Samples are made beforehand: the load shares two cores with the server. */
const VARIANTS = 997
const BASE = [0.61, 84.2, 31.5, 55, 0.05, 3.6, -71, 0.02]

interface Body {
  readonly first: number
  readonly text: string
}

function bodies(values: number): Body[] {
  return Array.from({ length: VARIANTS }, (_, n) => {
    const wander = (i: number): number => Number(((BASE[i] ?? 1) * (1 + (n + i) / 1e5)).toFixed(6))
    const fields = SIGNALS.slice(0, values).map((signal, i) => `"${signal}":${String(wander(i))}`)
    return { first: wander(0), text: `,"values":{${fields.join(',')}}}` }
  })
}

interface Device {
  send(now: number): boolean
  flush(): void
}

const latency = createHistogram()
const kept: Acknowledged[] = []
let sent = 0
let acknowledged = 0
let stopping = false

async function connectDevice(order: LoadOrder, number: number, samples: readonly Body[]): Promise<Device> {
  const socket: Socket = connect({ port: order.port, host: '127.0.0.1', noDelay: true })
  const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)])
  const id = loadDevice(number)
  const parts = [text('MQTT'), Buffer.from([4, 0xc2, 0, 0]), text(id), text(id), text(SECRET)]
  const connectBody = Buffer.concat(parts)
  socket.write(Buffer.concat([Buffer.from([0x10, connectBody.length]), connectBody]))
  const topic = text(`dh/v1/${id}/telemetry`)
  const { batch = 1 } = order
  const window = order.rate === undefined ? WINDOW_FLAT_OUT : WINDOW_PACED
  /** By packet id: when it was sent, and which sample it carries. */
  const sentAt = new Float64Array(65_536)
  const tsOf = new Float64Array(65_536)
  const valueOf = new Float64Array(65_536)
  let pending: Buffer[] = []
  let open = 0
  let packetId = number * 500
  let lastTs = 0
  let turn = number

  function bodyAt(ts: number, sample: Body): string {
    if (batch === 1) return `{"ts":${String(ts)}${sample.text}`
    const times = Array.from({ length: batch }, (_, n) => ts - (batch - 1 - n) * BATCH_STEP_MS)
    return `[${times.map((at) => `{"ts":${String(at)}${sample.text}`).join()}]`
  }
  function send(now: number): boolean {
    if (open >= window) return false
    const sample = samples[(turn += 1) % samples.length]
    if (sample === undefined) return false
    packetId = (packetId % 65_535) + 1
    lastTs = Math.max(lastTs + 1, now)
    const body = bodyAt(lastTs, sample)
    const length = topic.length + 2 + body.length
    const fixed = length < 128 ? 2 : length < 16_384 ? 3 : 4
    const frame = Buffer.allocUnsafe(fixed + length)
    frame[0] = 0x32
    frame[1] = length < 128 ? length : (length & 127) | 128
    if (fixed === 3) frame[2] = length >> 7
    if (fixed === 4) frame.set([((length >> 7) & 127) | 128, length >> 14], 2)
    topic.copy(frame, fixed)
    frame.writeUInt16BE(packetId, fixed + topic.length)
    frame.write(body, fixed + topic.length + 2, 'latin1')
    pending.push(frame)
    sentAt[packetId] = performance.now()
    tsOf[packetId] = lastTs
    valueOf[packetId] = sample.first
    open += 1
    sent += 1
    return true
  }
  function flush(): void {
    if (pending.length === 0) return
    socket.write(pending.length === 1 ? (pending[0] ?? '') : Buffer.concat(pending))
    pending = []
  }
  function acknowledge(packet: number): void {
    latency.record(Math.max(1, Math.round((performance.now() - (sentAt[packet] ?? 0)) * 1000)))
    acknowledged += 1
    open -= 1
    if (order.keep === true) kept.push([number, tsOf[packet] ?? 0, valueOf[packet] ?? 0])
  }

  let rest: Buffer = Buffer.alloc(0)
  await new Promise<void>((ready, failed) => {
    socket.on('error', (error) => (stopping ? undefined : failed(error)))
    socket.on('close', () => {
      stopping = true
      failed(new Error(`${id} was refused`))
    })
    socket.on('data', (chunk: Buffer) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let at = 0
      for (; at + 4 <= bytes.length; at += 4) {
        if (bytes[at] === 0x20) ready()
        else acknowledge(bytes.readUInt16BE(at + 2))
      }
      rest = bytes.subarray(at)
      if (order.rate !== undefined || stopping) return
      const now = Date.now()
      while (send(now));
      flush()
    })
  })
  return { send, flush }
}

async function work(order: LoadOrder): Promise<LoadResult> {
  const samples = bodies(order.values)
  const devices: Device[] = []
  while (devices.length < order.devices) {
    const wave = Math.min(CONNECT_AT_ONCE, order.devices - devices.length)
    const from = devices.length
    const connected = Array.from({ length: wave }, (_, n) => connectDevice(order, from + n, samples))
    devices.push(...(await Promise.all(connected)))
  }
  process.send?.('begun')
  const began = performance.now()
  const lasts = (order.seconds ?? Infinity) * 1000
  if (order.rate === undefined) {
    for (const device of devices) {
      while (device.send(Date.now()));
      device.flush()
    }
    while (!stopping && performance.now() - began < lasts) await sleep(20)
    stopping = true
  } else {
    let due = 0
    let next = 0
    while (!stopping && performance.now() - began < lasts) {
      const now = Date.now()
      const should = ((performance.now() - began) * order.rate) / 1000
      for (; due < should; due += 1) devices[next++ % devices.length]?.send(now)
      for (const device of devices) device.flush()
      await sleep(TICK_MS)
    }
  }
  const seconds = (performance.now() - began) / 1000
  const acknowledgedInTime = acknowledged
  // What is still on its way is counted as acknowledged where that is told, not in the rate.
  if (!stopping || order.rate === undefined) await settled()
  const { user, system } = process.cpuUsage()
  return {
    sent,
    acknowledged: acknowledgedInTime,
    seconds,
    kept,
    p50Ms: latency.percentile(50) / 1000,
    p99Ms: latency.percentile(99) / 1000,
    cpuSeconds: (user + system) / 1e6,
  }
}

/** Until every acknowledgement has come, or none has for a while. */
async function settled(): Promise<void> {
  for (let before = -1; before !== acknowledged && acknowledged < sent;) {
    before = acknowledged
    await sleep(500)
  }
}

if (import.meta.main) {
  process.on('message', () => (stopping = true))
  const result = await work(JSON.parse(process.argv[2] ?? '{}') as LoadOrder)
  stopping = true
  process.send?.(result, () => process.exit(0))
}
