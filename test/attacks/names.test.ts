import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_SIGNALS_PER_DEVICE, type SetAsideView } from '#contract/telemetry.ts'
import type { AssetState } from '#contract/live.ts'
import { aDevice, aFile, aPipe, anArea, aSource, aWell, place } from '../support/networks.ts'
import { aWorld, type World } from '../support/world.ts'

const source = aSource('src', place(0, 0))
const well = aWell('w1', place(500, 0), { devices: [aDevice('dev-w1', { signals: ['chamber_c'] })] })
const other = aWell('w2', place(900, 0), { devices: [aDevice('dev-w2', { signals: ['chamber_c'] })] })

let world: World
beforeAll(async () => {
  const pipes = [aPipe('p1', source, well), aPipe('p2', well, other)]
  const area = anArea('area-1', place(-2000, -2000), place(3000, 3000))
  world = await aWorld({ network: aFile(source, well, other, ...pipes, area) })
})
afterAll(() => world.close())

const engineer = () => world.as('engineer')
async function namesStored(device: string): Promise<readonly string[]> {
  const { series } = await engineer().get<{ series: { signal: string }[] }>(`/readings?device=${device}`)
  return series.map(({ signal }) => signal)
}
async function leftOut(): Promise<number> {
  const text = await (await fetch(`${world.url()}/metrics`)).text()
  return Number(/ingest_rejected_total\{reason="too_many_names"\} (\d+)/.exec(text)?.[1] ?? NaN)
}
/** Samples of 60 names each, as many as fit into a message. */
function invented(from: number, count: number): object[] {
  const names = Array.from({ length: count }, (_, n) => `n${String(from + n)}`)
  return Array.from({ length: Math.ceil(count / 60) }, (_, n) => ({
    ts: world.now() - 60_000 + n,
    values: Object.fromEntries(names.slice(n * 60, n * 60 + 60).map((name) => [name, n])),
  }))
}

describe('N6 a device that invents names of signals', () => {
  it('is stored with 256 of them, and what goes beyond is counted, shown and said of the message', async () => {
    await world.publish('dev-w1', { ts: world.now() - 120_000, values: { chamber_c: 20 } })
    await world.publish('dev-w1', invented(0, 300))
    for (let n = 1; n <= 20; n += 1) await world.publish('dev-w1', invented(n * 1000, 1000))
    await world.settle()
    expect(await namesStored('dev-w1')).toHaveLength(MAX_SIGNALS_PER_DEVICE)
    expect(await leftOut()).toBe(300 - 255 + 20_000)
    const { items } = await engineer().get<{ items: { id: string; setAside?: object }[] }>('/devices')
    expect(items.find(({ id }) => id === 'dev-w1')?.setAside).toMatchObject({ reason: 'too_many_names' })
    const aside = await engineer().get<SetAsideView>('/devices/set-aside')
    expect(aside.senders).toMatchObject([{ deviceId: 'dev-w1', reason: 'too_many_names', count: 21 }])
    expect(aside.items[0]).toMatchObject({ topic: 'dh/v1/dev-w1/telemetry' })
    expect(aside.items[0]?.detail).toMatch(/^n\d+, n\d+/)
  })

  it('goes on to be stored with what the vocabulary knows, however late it comes', async () => {
    await world.publish('dev-w1', {
      ts: world.now(),
      values: { humidity_pct: 40, yetAnother: 1, chamber_c: 21 },
    })
    await world.settle()
    const names = await namesStored('dev-w1')
    expect(names).toContain('humidity_pct')
    expect(names).not.toContain('yetAnother')
    const { live } = await world.as('wall').get<{ live: AssetState }>('/assets/w1')
    const [device] = live.devices
    expect(device?.values).toMatchObject({ humidity_pct: 40, chamber_c: 21 })
    expect(Object.keys(device?.values ?? {}).length).toBeLessThanOrEqual(MAX_SIGNALS_PER_DEVICE + 1)
  })

  it('costs nobody else a sample', async () => {
    await world.publish('dev-w2', { ts: world.now(), values: { chamber_c: 20, mine: 1 } })
    await world.settle()
    expect(await namesStored('dev-w2')).toEqual(['chamber_c', 'mine'])
  })

  it('gets no more of them after a restart', async () => {
    const before = await namesStored('dev-w1')
    await world.restart()
    await world.publish('dev-w1', invented(900_000, 300))
    await world.settle()
    expect(await namesStored('dev-w1')).toEqual(before)
    expect(await leftOut()).toBe(300)
  })

  it('may send the same names in any order and company', async () => {
    const names = (await namesStored('dev-w1')).filter((name) => name.startsWith('n'))
    const before = await leftOut()
    const samples = Array.from({ length: 100 }, (_, n) => ({
      ts: world.now() + n,
      values: Object.fromEntries([...names.slice(n), ...names].slice(0, 50).map((name) => [name, n])),
    }))
    await world.publish('dev-w1', samples)
    await world.settle()
    expect(await leftOut()).toBe(before)
  })
})
