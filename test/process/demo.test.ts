import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AssetDetail } from '#contract/asset.ts'
import { at } from '../support/desk-world.ts'
import { serverProcess, type ServerProcess } from '../support/server-process.ts'
import { openCover } from '../support/town.ts'
import { msOf } from '../support/world.ts'

const READY = /演示已就绪/g
let demo: ServerProcess

beforeAll(async () => {
  demo = await serverProcess(mkdtempSync(join(tmpdir(), 'demo-')), {
    script: ['server/cli.ts', 'demo'],
    env: {
      WELLWATCH_DEMO_QUIET: '1',
      WELLWATCH_CLOCK: 'manual',
      WELLWATCH_CLOCK_START: '2026-01-15T22:49:00+08:00',
    },
  })
  await demo.start()
  await demo.until(READY)
}, 180_000)
afterAll(() => demo.remove())

const move = (text: string) =>
  demo.as('admin').put<{ now: string }>('/clock', { now: `2026-01-${text}+08:00` })
const tickets = () => demo.as('dispatcher').tickets()

describe('the quiet demo on a manual clock', () => {
  it('stands at its start with 48 hours of quiet history and no ticket', async () => {
    const { now } = await demo.as('wall').get<{ now: string }>('/clock')
    expect(msOf(now)).toBe(at('22:49:00'))
    await move('15T22:50:00')
    expect(await tickets()).toEqual([])
    for (const spare of ['spare-1', 'spare-2', 'spare-3', 'spare-4']) {
      const { series } = await demo
        .as('engineer')
        .get<{ series: { points: [number, number][] }[] }>(
          `/readings?device=${spare}&from=2026-01-13T22:49:00%2B08:00`,
        )
      const times = series.flatMap(({ points }) => points.map(([ts]) => ts))
      expect(times.length).toBeGreaterThan(100)
      expect(Math.max(...times)).toBeLessThanOrEqual(at('22:49:00'))
      expect(Math.min(...times)).toBeLessThan(at('2026-01-14T00:00:00'))
    }
  })

  it('a spare device tried by hand opens the ticket of the worked example 1, to the second', async () => {
    await demo.publish('spare-1', openCover(at('22:49:20'), 3))
    await move('15T22:50:00')
    const [ticket, ...others] = await tickets()
    expect(others).toEqual([])
    expect(ticket).toMatchObject({
      kind: 'cover',
      level: 'special',
      state: 'dispatched',
      department: { id: 'network-ops', rule: 'primary_in_service' },
    })
    expect(msOf(ticket?.dueAt)).toBe(at('2026-01-16T02:50:00'))
  })

  it('each spare stands where the contract says', async () => {
    const engineer = demo.as('engineer')
    const { items } = await engineer.get<{ items: { id: string; assetId: string }[] }>('/devices')
    const owner = async (device: string) => {
      const assetId = items.find(({ id }) => id === device)?.assetId ?? ''
      return (await engineer.get<AssetDetail>(`/assets/${assetId}`)).owner
    }
    expect(await owner('spare-1')).toMatchObject({ id: 'network-ops', rule: 'primary_in_service' })
    expect(await owner('spare-2')).toMatchObject({ id: 'network-ops', rule: 'primary_in_service' })
    expect((await owner('spare-3')).rule).toBe('secondary_side')
    expect((await owner('spare-4')).rule).toBe('station')
  })

  it('mute simulated devices raise no silence in two days, and no ticket', async () => {
    await move('17T22:50:00')
    const open = await tickets()
    expect(open.map(({ kind }) => kind)).toEqual(['cover'])
    const { items } = await demo.as('engineer').get<{ items: { id: string; assetId: string }[] }>('/devices')
    const station = items.find(({ id }) => id === 'rtu-s-07')
    const { live } = await demo.as('engineer').get<AssetDetail>(`/assets/${station?.assetId ?? ''}`)
    expect(live?.health).toBe('normal')
  })

  it('stopped and started again it stands where it stood and tells nothing twice', async () => {
    const before = await tickets()
    expect(await demo.stop()).toBe(0)
    await demo.start()
    await expect.poll(() => demo.said().match(READY)?.length, { timeout: 60_000 }).toBe(2)
    const { now } = await demo.as('wall').get<{ now: string }>('/clock')
    expect(msOf(now)).toBe(at('2026-01-17T22:50:00'))
    expect(await tickets()).toEqual(before)
    expect(await demo.as('admin').ask('PUT', '/clock', { now: '2026-01-16T00:00:00+08:00' })).toMatchObject({
      status: 422,
      body: { code: 'bad-time' },
    })
  }, 120_000)
})
