import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { troublesOf, type PartsState } from '../../../server/domain/self-monitoring/trouble.ts'
import { startHeartbeat, type Heartbeat } from '../../../server/flows/self-monitoring/heartbeat.ts'
import { createGuard } from '../../../server/notify/guard.ts'
import { ping } from '../../../server/notify/ping.ts'
import { partsState } from '../../support/parts-state.ts'
import { silentLog } from '../../support/silent-log.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Somebody outside who waits for a sign of life. */
async function anOutsider(status = 200) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${String(request.method)} ${String(request.url)}`)
    response.writeHead(status).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  return { asked, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/beat/key` }
}

function beating(url: string, state: () => Partial<PartsState>, allow = ['127.0.0.1']): Heartbeat {
  const guard = createGuard(allow)
  const heartbeat = startHeartbeat({
    send: (signal) => ping({ url, guard }, signal),
    troubles: () => troublesOf(partsState(state())),
    log: silentLog,
    everyMs: 10,
  })
  closing.push(() => heartbeat.close())
  return heartbeat
}

describe('the heartbeat', () => {
  it('reaches the outsider while everything works', async () => {
    const { asked, url } = await anOutsider()
    const heartbeat = beating(url, () => ({}))
    await expect.poll(() => asked.length).toBeGreaterThan(2)
    expect(asked[0]).toBe('GET /beat/key')
    expect(heartbeat.problem()).toBeUndefined()
    expect(heartbeat.lastAt()).toBeGreaterThan(0)
  })

  it.each<[string, Partial<PartsState>]>([
    ['the detector', { detectorProblem: 'broken' }],
    ['a stuck detector', { detectorStuckMs: 120_000 }],
    ['the journal', { journalRefuses: 'full' }],
    ['the readings store', { storeProblem: 'refused' }],
    ['the database', { databaseProblem: 'full' }],
    ['the broker', { brokerConnected: false }],
    ['the deadlines', { scheduleFails: { deadlines: 'x' } }],
    ['an end to a timed part', { scheduleStuckMs: 120_000 }],
    ['a storing thread that moves', { storeStuckMs: 120_000 }],
    ['every device', { telemetrySilentMs: 3_600_000 }],
    ['the way to people', { failingChannels: ['sms'] }],
  ])('stays away without %s, and comes back with it', async (_name, trouble) => {
    const { asked, url } = await anOutsider()
    let state: Partial<PartsState> = trouble
    beating(url, () => state)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(asked).toEqual([])
    state = {}
    await expect.poll(() => asked.length).toBeGreaterThan(0)
  })

  it.each<[string, Partial<PartsState>]>([
    ['one faulty device', { isolatedDevices: ['d1'] }],
    ['little disk', { diskIsLow: true }],
    ['a dark wall', { walls: [{ id: '1', name: '东墙', silentMs: 3_600_000 }] }],
    ['a leap of the clock', { clockHeldMs: 3_600_000 }],
  ])('goes on with %s, which is seen and mended here', async (_name, state) => {
    const { asked, url } = await anOutsider()
    beating(url, () => state)
    await expect.poll(() => asked.length).toBeGreaterThan(0)
  })

  it('says so when nobody takes it, and never says where it went', async () => {
    const { url } = await anOutsider(500)
    const heartbeat = beating(url, () => ({}))
    await expect.poll(() => heartbeat.problem()).toBe('HTTP 500')
    expect(heartbeat.lastAt()).toBe(0)
  })

  it('is not sent to an inside address that nobody has allowed', async () => {
    const { asked, url } = await anOutsider()
    const heartbeat = beating(url, () => ({}), [])
    await expect.poll(() => heartbeat.problem()).toBeDefined()
    expect(heartbeat.problem()).not.toContain('key')
    expect(asked).toEqual([])
  })
})
