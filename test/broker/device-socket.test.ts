import { once } from 'node:events'
import { duplexPair, type Duplex } from 'node:stream'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { DeviceSocket, type DeviceSocketParts } from '../../broker/device-socket.ts'
import { DEFAULT_LIMITS } from '../../broker/limits.ts'
import { CONNACK_OK, connectFrame, field, frame, publishFrame } from './support.ts'

const ID = [0, 7] as const
const CONNECT = connectFrame()
const PING = frame(0xc0)
const SUBSCRIBE = frame(0x82, ...ID, field('dh/v1/d1/cmd/#'), 1)
const DISCONNECT = frame(0xe0)

interface Wire {
  readonly socket: DeviceSocket
  readonly device: Duplex
  /** What the parser has been given, run by run. */
  readonly runs: Buffer[]
  /** Why the socket was refused. */
  readonly refused: string[]
  send(...frames: readonly Buffer[]): Promise<void>
}

/** A device at one end; at the other a parser that reads whenever there is something. */
function aWire(parts: Partial<DeviceSocketParts> = {}): Wire {
  const [device, source] = duplexPair()
  const refused: string[] = []
  const socket = new DeviceSocket(source, {
    limits: DEFAULT_LIMITS,
    takeFast: () => 0,
    isFull: () => false,
    mayAnswer: () => true,
    isAnswered: () => true,
    refused: ({ reason }) => refused.push(reason),
    ...parts,
  })
  const runs: Buffer[] = []
  socket.on('readable', () => {
    const run = socket.read() as Buffer | null
    if (run !== null) runs.push(run)
  })
  device.on('error', () => undefined)
  return {
    socket,
    device,
    runs,
    refused,
    async send(...frames) {
      for (const each of frames) device.write(each)
      for (let turn = 0; turn < 20; turn++) await nextTurn()
    },
  }
}

/** A wire whose CONNECT has been answered. */
async function anOpenWire(parts: Partial<DeviceSocketParts> = {}): Promise<Wire> {
  const wire = aWire(parts)
  await wire.send(CONNECT)
  wire.socket.answered()
  await nextTurn()
  wire.runs.length = 0
  return wire
}

describe('what the parser is given', () => {
  it.each([1, 2, 3, 7, 64, 1000])('is whole frames, though they come in pieces of %i bytes', async (size) => {
    const { runs, send } = await anOpenWire()
    const frames = [publishFrame('dh/v1/d1/telemetry', 'x'.repeat(300), 1), PING, SUBSCRIBE]
    const bytes = Buffer.concat(frames)
    for (let at = 0; at < bytes.length; at += size) await send(bytes.subarray(at, at + size))
    expect(Buffer.concat(runs)).toEqual(bytes)
    const ends = frames.map((_, n) => Buffer.concat(frames.slice(0, n + 1)).length)
    for (const [n] of runs.entries()) expect(ends).toContain(Buffer.concat(runs.slice(0, n + 1)).length)
  })

  it('is nothing of what breaks the rules, and nothing behind it', async () => {
    const { socket, runs, refused, send } = aWire()
    await send(PING, CONNECT)
    expect(runs).toEqual([])
    expect(refused).toEqual(['not_connect'])
    expect(socket.destroyed).toBe(true)
  })

  it('is one run in a turn, eight kilobytes and a frame at most', async () => {
    const { runs, send } = await anOpenWire()
    const message = publishFrame('dh/v1/d1/telemetry', 'x'.repeat(75), 1)
    await send(Buffer.concat(Array.from({ length: 300 }, () => message)))
    expect(Buffer.concat(runs)).toHaveLength(300 * message.length)
    expect(Math.max(...runs.map(({ length }) => length))).toBeLessThan(8192 + message.length)
  })

  it('is no second run before the first is read', async () => {
    const { socket, send } = await anOpenWire()
    socket.removeAllListeners('readable')
    await send(PING)
    await send(publishFrame('dh/v1/d1/telemetry', 'x', 1))
    expect(socket.read()).toEqual(PING)
    for (let turn = 0; turn < 5; turn++) await nextTurn()
    expect(socket.read()).toEqual(publishFrame('dh/v1/d1/telemetry', 'x', 1))
  })

  it.each([
    ['CONNECT', aWire, CONNECT],
    ['SUBSCRIBE', anOpenWire, SUBSCRIBE],
    ['UNSUBSCRIBE', anOpenWire, frame(0xa2, ...ID, field('dh/v1/d1/cmd/#'))],
  ])('is nothing behind a %s until that is answered', async (_name, make, asked) => {
    const { socket, runs, send } = await make()
    await send(Buffer.concat([asked, PING]), PING)
    expect(runs).toEqual([asked])
    expect(socket.silentSince).toBeUndefined()
    socket.answered()
    await send()
    expect(Buffer.concat(runs)).toEqual(Buffer.concat([asked, PING, PING]))
    expect(socket.silentSince).toBeLessThanOrEqual(Date.now())
  })

  it('is nothing that the fast path takes, or that waits while that is full', async () => {
    let full = false
    const message = publishFrame('dh/v1/d1/telemetry', 'x', 1)
    const taken: Buffer[] = []
    const { socket, runs, send } = await anOpenWire({
      isFull: () => full,
      takeFast(bytes) {
        if (!bytes.subarray(0, message.length).equals(message)) return 0
        taken.push(message)
        full = true
        return message.length
      },
    })
    await send(Buffer.concat([message, message, PING]))
    expect([taken.length, runs.length]).toEqual([1, 0])
    for (const count of [2, 2]) {
      full = false
      socket.advanceSoon()
      await send()
      expect(taken.length).toBe(count)
    }
    expect(runs).toEqual([PING])
  })

  it('is nothing once reading has stopped', async () => {
    const { socket, runs, send } = await anOpenWire()
    socket.stopReading()
    await send(PING)
    expect(runs).toEqual([])
  })
})

describe('an unfinished frame', () => {
  it('is noticed from its first byte to its last', async () => {
    const { socket, send } = await anOpenWire()
    expect(socket.frameSince).toBeUndefined()
    await send(Buffer.from([0xc0]))
    const since = socket.frameSince
    expect(since).toBeLessThanOrEqual(Date.now())
    await send(Buffer.from([0]))
    expect(socket.frameSince).toBeUndefined()
  })
})

describe('a client that leaves', () => {
  it.each([
    ['says DISCONNECT', true, ({ send }: Wire) => send(PING, DISCONNECT, PING)],
    ['says nothing but DISCONNECT', true, ({ send }: Wire) => send(DISCONNECT)],
    [
      'closes its half',
      false,
      async ({ device, send }: Wire) => {
        device.end(PING)
        await send()
      },
    ],
  ])('%s, and is gone when everything is answered and sent', async (_how, isDisconnecting, leave) => {
    let answered = false
    const wire = await anOpenWire({ isAnswered: () => answered })
    await leave(wire)
    await sleep(50)
    const { socket, device, runs } = wire
    expect(Buffer.concat(runs).includes(DISCONNECT)).toBe(false)
    expect(runs.length).toBeLessThanOrEqual(1)
    expect([socket.destroyed, socket.isDisconnecting]).toEqual([false, isDisconnecting])
    socket.write(frame(0x40, ...ID))
    answered = true
    await once(socket, 'close')
    expect(device.read()).toEqual(frame(0x40, ...ID))
  })

  it('is not waited for long when it does not read what it is sent', async () => {
    const { socket, device, send } = await anOpenWire({ limits: { ...DEFAULT_LIMITS, drainTimeoutMs: 60 } })
    device.pause()
    socket.write(Buffer.alloc(1024 * 1024))
    socket.write(Buffer.alloc(1024 * 1024))
    await send(DISCONNECT)
    expect(socket.destroyed).toBe(false)
    await once(socket, 'close')
  })

  it('has its will when the connection breaks without a DISCONNECT', async () => {
    const { socket, device } = await anOpenWire()
    device.destroy()
    if (!socket.destroyed) await once(socket, 'close')
    expect(socket.isDisconnecting).toBe(false)
  })
})

describe('an answer of the server', () => {
  it('goes out in order, whatever is held back and sent together', async () => {
    const { socket, device, send } = await anOpenWire()
    const received: Buffer[] = []
    device.on('data', (bytes: Buffer) => received.push(bytes))
    socket.send(CONNACK_OK)
    socket.cork()
    socket.write('text', 'utf8')
    socket.write(PING)
    socket.send(SUBSCRIBE)
    socket.uncork()
    await send()
    expect(Buffer.concat(received)).toEqual(Buffer.concat([CONNACK_OK, Buffer.from('text'), PING, SUBSCRIBE]))
  })

  it('to a CONNECT of another protocol is its return code, then the end', async () => {
    const { socket, device, send } = aWire()
    await send(connectFrame({ level: 5 }))
    expect(device.read()).toEqual(Buffer.from([0x20, 2, 0, 1]))
    if (!socket.destroyed) await once(socket, 'close')
  })
})
