import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { decodeMessage } from '../../server/domain/telemetry/decode.ts'
import { HOUR, MINUTE } from '../../simulators/time.ts'
import { device, openBroker } from '../broker/support.ts'
import type { TestBroker } from '../broker/support.ts'

const DEMO = new URL('../../simulators/demo.ts', import.meta.url).pathname

const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function aDemo(
  options: object,
): Promise<{ broker: TestBroker; child: ChildProcess; seededMs: number }> {
  const broker = await openBroker({ authenticate: async (_, secret) => secret === 'demo' })
  open.push(broker)
  const urls = { mqttUrl: `mqtt://127.0.0.1:${broker.port}`, httpUrl: 'http://127.0.0.1:1' }
  const began = performance.now()
  const child = fork(DEMO, [JSON.stringify({ ...urls, startAt: Date.now(), ...options })], { stdio: 'pipe' })
  open.push({ close: () => stopped(child) })
  expect(await once(child, 'message')).toEqual(['seeded', undefined])
  return { broker, child, seededMs: performance.now() - began }
}

async function stopped(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}

/** Times of a device's samples, as the server would read them. */
function timesOf(broker: TestBroker, deviceId: string): readonly number[] {
  return broker.messages
    .filter((message) => message.deviceId === deviceId && message.channel === 'telemetry')
    .flatMap(({ body }) => {
      const decoded = decodeMessage('telemetry', body, Date.now())
      if (decoded.kind !== 'telemetry') throw new Error(`${deviceId} sent ${decoded.kind}`)
      expect(decoded.rejected).toEqual([])
      return decoded.samples.map(({ ts }) => ts ?? 0)
    })
}

describe('the demo’s devices as a process', () => {
  it('publish 48 h of history of every device within seconds, and leave the spares to others', async () => {
    const startAt = Date.now()
    const { broker, child, seededMs } = await aDemo({ startAt, quiet: true })
    console.info(`the town's history was in after ${(seededMs / 1000).toFixed(1)} s`)
    expect(seededMs).toBeLessThan(18_000)
    const ids = new Set(broker.messages.map(({ deviceId }) => deviceId))
    expect(ids.size).toBeGreaterThan(400)
    for (const spare of ['spare-1', 'spare-2', 'spare-3', 'spare-4']) {
      const times = timesOf(broker, spare)
      expect(times.length).toBeGreaterThan(180)
      expect(Math.min(...times)).toBeLessThan(startAt - 47 * HOUR)
      expect(Math.max(...times)).toBeGreaterThan(startAt - 20 * MINUTE)
      expect(Math.max(...times)).toBeLessThanOrEqual(startAt)
    }
    await expect.poll(() => broker.broker.stats().clients).toBe(ids.size - 4)
    expect(await stopped(child)).toBe(0)
  })

  it('go on live after a restart, without history', async () => {
    const { broker } = await aDemo({ seeded: true })
    expect(broker.messages.some(({ deviceId }) => deviceId.startsWith('spare-'))).toBe(false)
    await expect
      .poll(() => timesOf(broker, 'rtu-source-1').length, { timeout: 20_000, interval: 500 })
      .toBeGreaterThan(0)
    for (const at of timesOf(broker, 'rtu-source-1')) expect(Math.abs(at - Date.now())).toBeLessThan(MINUTE)
  }, 40_000)

  it('are mute beside a manual clock once history up to its start is in', async () => {
    const startAt = Date.parse('2026-01-15T22:50:00+08:00')
    const { broker, child } = await aDemo({ startAt, mute: true })
    if (child.exitCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(0)
    const samples = broker.messages
      .filter(({ channel, deviceId }) => channel === 'telemetry' && deviceId === 'rtu-s-07')
      .flatMap(({ body }) => JSON.parse(Buffer.from(body).toString()) as { ts: number }[])
    expect(Math.max(...samples.map(({ ts }) => ts))).toBeLessThanOrEqual(startAt)
  })

  it('leave a spare connected that somebody tries by hand, and show its daily sign of life all the same', async () => {
    const pushed: unknown[] = []
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        pushed.push([request.url, request.headers.authorization, Object.keys(JSON.parse(body) as object)])
        response.writeHead(202).end('{}')
      })
    }).listen(0, '127.0.0.1')
    open.push({ close: () => once(server.close(), 'close') })
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { broker } = await aDemo({
      seeded: true,
      spareEveryMs: 1000,
      httpUrl: `http://127.0.0.1:${String(port)}`,
    })
    const byHand = await device(broker.port, 'spare-1', { password: 'demo' })
    let closed = 0
    byHand.on('close', () => (closed += 1))
    await expect.poll(() => pushed.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(8)
    expect(pushed).toContainEqual([
      '/api/v1/device/spare-1/telemetry',
      `Basic ${Buffer.from('spare-1:demo').toString('base64')}`,
      ['ts', 'values'],
    ])
    expect([closed, byHand.connected]).toEqual([0, true])
    await byHand.endAsync()
  }, 40_000)

  it('say in one line that their server has gone, and end', async () => {
    const { child } = await aDemo({ seeded: true })
    const said = textOf(child)
    child.disconnect()
    expect(await once(child, 'exit')).toEqual([1, null])
    expect(await said).toBe('simulated devices: the server has gone\n')
  }, 40_000)

  it('say in one line that there is no server, and end', async () => {
    const options = { mqttUrl: 'mqtt://127.0.0.1:1', httpUrl: 'http://127.0.0.1:1', startAt: 0, seeded: true }
    const child = fork(DEMO, [JSON.stringify(options)], { stdio: 'pipe' })
    const said = textOf(child)
    expect(await once(child, 'exit')).toEqual([1, null])
    expect(await said).toMatch(/^simulated devices: \S+ cannot connect to mqtt:\/\/127\.0\.0\.1:1: .*\n$/)
  }, 40_000)
})

function textOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('the process has no stderr')
  return text(stderr)
}
