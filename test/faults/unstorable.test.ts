import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { SetAsideView } from '#contract/telemetry.ts'
import type { SystemHealth } from '#contract/live.ts'
import { eventually, serverProcess, type ServerProcess } from '../support/server-process.ts'
import { furnishedDir } from '../support/world.ts'

let server: ServerProcess
afterEach(() => server.remove())
vi.setConfig({ testTimeout: 120_000 })

const POISONED = ['--import', './test/support/poison.ts', 'server/main.ts']
const points = async (deviceId: string): Promise<number> => {
  const { series } = await server
    .as('engineer')
    .get<{ series: { points: unknown[] }[] }>(`/readings?device=${deviceId}`)
  return series.reduce((sum, one) => sum + one.points.length, 0)
}

describe('F16 a message that kills the storing thread', () => {
  it('is found by halves and set aside with its reason; everybody else’s samples are stored, after a restart too', async () => {
    server = await serverProcess(await furnishedDir(), { script: POISONED })
    await server.start()
    const began = Date.now() - 600_000
    const send = async (deviceId: string, n: number, values: object): Promise<void> =>
      server.publish(deviceId, { ts: began + n * 1000, values })
    for (let n = 0; n < 6; n += 1) await send('dev-w2', n, { chamber_c: n })
    await send('dev-w1', 0, { poison: 1 })
    for (let n = 6; n < 12; n += 1) await send('dev-w2', n, { chamber_c: n })
    await eventually(
      () => points('dev-w2'),
      (count) => count === 12,
      60_000,
    )
    await eventually(
      () => server.as('engineer').get<SystemHealth>('/health'),
      ({ troubles }) => troubles.some(({ text }) => text.en.includes('1 acknowledged messages crash')),
      20_000,
    )
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toMatch(/^wellwatch_store_thread_falls_total ([2-9]|1\d)$/m)
    const { items } = await server.as('engineer').get<SetAsideView>('/devices/set-aside')
    expect(items).toMatchObject([{ reason: 'unstorable', deviceId: 'dev-w1' }])
    const kept = readdirSync(join(server.dir, 'unstorable'))
    expect(kept).toHaveLength(1)
    const { topic, bodyBase64 } = JSON.parse(
      readFileSync(join(server.dir, 'unstorable', kept[0] ?? ''), 'utf8'),
    ) as Record<string, string>
    expect(topic).toBe('dh/v1/dev-w1/telemetry')
    expect(Buffer.from(bodyBase64 ?? '', 'base64').toString()).toContain('"poison":1')

    await server.kill()
    await server.start()
    await send('dev-w2', 12, { chamber_c: 12 })
    await eventually(
      () => points('dev-w2'),
      (count) => count === 13,
    )
  })
})
