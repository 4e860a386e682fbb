import { connectAsync } from 'mqtt'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { DeviceProperties } from '#contract/network.ts'
import { eventually, serverProcess, type ServerProcess } from '../support/server-process.ts'
import { storedTimes } from '../support/stored-times.ts'
import { furnishedDir } from '../support/world.ts'

let server: ServerProcess
afterEach(() => server.remove())
vi.setConfig({ testTimeout: 90_000 })

const HOUR = 3_600_000
type Listed = DeviceProperties & { assetId: string }

/** Publishes until the server is gone; answers how many of them were acknowledged. */
async function flood(secret: string, bodyOf: (turn: number) => string): Promise<number[]> {
  const port = server.env['WELLWATCH_MQTT_PORT'] ?? ''
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
    ...{ username: 'town', password: secret, clientId: 'town', reconnectPeriod: 0 },
  })
  client.on('error', () => undefined)
  const acknowledged: number[] = []
  let turn = 0
  const publish = async (): Promise<void> => {
    while (client.connected) {
      const mine = (turn += 1)
      const body = bodyOf(mine)
      const done = await client.publishAsync('v1/gateway/telemetry', body, { qos: 1 }).then(
        () => true,
        () => false,
      )
      if (!done) return
      acknowledged.push(mine)
    }
  }
  const publishing = Array.from({ length: 20 }, publish)
  await new Promise((resolve) => setTimeout(resolve, 1200))
  await server.kill()
  client.end(true)
  await Promise.all(publishing)
  return acknowledged
}

describe('messages of a gateway, and kill -9', () => {
  it('lose nothing that was acknowledged: understood, of nobody known, or not understood', async () => {
    server = await serverProcess(await furnishedDir())
    await server.start()
    const engineer = server.as('engineer')
    await engineer.put('/gateways/town', { title: 'Town', profiles: ['thingsboard-gateway'] })
    const { secret } = await engineer.post<{ secret: string }>('/gateways/town/secret', {})
    const { items } = await engineer.get<{ items: Listed[] }>('/devices')
    const { id, assetId, signals, intervalS } = items.find((one) => one.id === 'dev-w1') as Listed
    await engineer.put('/devices/dev-w1', { id, assetId, signals, intervalS, gateway: 'town' })

    const began = Date.now() - HOUR
    const values = { battery_v: 3.6 }
    const sample = (ts: number) => [{ ts, values }]
    const kinds = [
      (turn: number) => JSON.stringify({ 'dev-w1': sample(began + turn) }),
      (turn: number) => JSON.stringify({ 'Lid 9': sample(began + turn) }),
      (turn: number) => `junk ${String(turn)}`,
    ]
    const acknowledged = await flood(secret, (turn) => kinds[turn % 3]?.(turn) ?? '')
    const of = (kind: number) => acknowledged.filter((turn) => turn % 3 === kind)
    expect(Math.min(of(0).length, of(1).length, of(2).length)).toBeGreaterThan(20)
    console.info(`${String(acknowledged.length)} foreign messages acknowledged`)

    await server.start()
    const stored = (device: string) => storedTimes(server, device, began - HOUR)
    const missing = (turns: readonly number[], found: ReadonlySet<number>) =>
      turns.filter((turn) => !found.has(began + turn))
    await eventually(
      () => stored('dev-w1'),
      (found) => missing(of(0), found).length === 0,
    )
    const { setAsideCount } = await engineer.get<{ setAsideCount: number }>('/gateways/messages')
    expect(setAsideCount).toBeGreaterThanOrEqual(of(2).length)

    // What waited for the unknown one comes in when it is known.
    const lid = { 'Lid 9': sample(began) }
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
    const port = { title: 'Town', profiles: ['town-push'] }
    await engineer.put('/profiles/town-push', {
      ...{ title: { zh: '推送', en: 'Push' }, push: true, encoding: 'json' },
      expression: '$each(body, function($v, $k) {$v.{"alias": "name:" & $k, "ts": ts, "values": values}})',
    })
    await engineer.put('/gateways/town', port)
    const pushed = await fetch(`${server.url}/api/v1/push/town`, {
      ...{ method: 'POST', headers, body: JSON.stringify(lid) },
    })
    expect([pushed.status, await pushed.json()]).toMatchObject([202, { waiting: 1 }])
    const unknown = await engineer.get<{ items: { key: string; alias?: string }[] }>('/devices/unknown')
    const key = unknown.items.find(({ alias }) => alias === 'name:lid 9')?.key ?? ''
    const adopted = await engineer.post<{ late: number }>(
      `/devices/unknown/${encodeURIComponent(key)}/adopt`,
      { device: { id: 'lid-9', assetId, signals: ['battery_v'], intervalS: 3600 } },
    )
    expect(adopted.late).toBeGreaterThan(of(1).length)
    await eventually(
      () => stored('lid-9'),
      (found) => missing(of(1), found).length === 0,
    )
  })
})
