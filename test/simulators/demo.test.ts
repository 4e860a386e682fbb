import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { decodeMessage } from '../../server/domain/telemetry/decode.ts'
import { HOUR, MINUTE } from '../../simulators/time.ts'
import { openBroker } from '../broker/support.ts'
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
})
