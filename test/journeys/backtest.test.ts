import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { BacktestView } from '#contract/backtest.ts'
import type { BacktestChange } from '../../server/flows/backtest/incidents.ts'
import { closedCover } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

type Run = BacktestView & { readonly changes: readonly BacktestChange[] }

async function ended(id: string): Promise<Run> {
  for (;;) {
    const run = await world.as('wall').get<Run>(`/backtests/${id}`)
    if (run.state !== 'running') return run
    await sleep(50)
  }
}

/** A cover at w1 that leans by 13° for ten minutes: displaced as delivered, nothing at a limit of 15°. */
async function leaning(): Promise<void> {
  world = await aWorld({ start: '10:00:00' })
  const samples = Array.from({ length: 20 }, (_, n) => ({
    ts: world.now() - (30 - n) * 30_000,
    values: { cover_tilt_deg: 13 },
  }))
  await world.publish('dev-w1', samples)
  await world.publish('dev-w1', closedCover(world.now() - 60_000))
  await world.settle()
}
const SPAN = { from: '2026-01-15T09:00:00+08:00', to: '2026-01-15T10:00:00+08:00' }

describe('a backtest over stored readings', () => {
  it('tells what the detector would have said with other settings', async () => {
    await leaning()
    const engineer = world.as('engineer')
    const asDelivered = await ended((await engineer.post<Run>('/backtests', SPAN)).id)
    expect(asDelivered).toMatchObject({ state: 'done', share: 1, by: expect.any(String), settings: {} })
    expect(asDelivered.counts).toMatchObject({ opened: 1 })
    expect(asDelivered.changes[0]).toMatchObject({
      type: 'opened',
      incident: { kind: 'cover', assetIds: ['w1'] },
    })
    expect(asDelivered.account.map(({ en }) => en).join('\n')).toContain('watched: covers at 1 places')

    const wider = { ...SPAN, settings: { coverTiltDeg: 15 } }
    const changed = await ended((await engineer.post<Run>('/backtests', wider)).id)
    expect(changed).toMatchObject({ state: 'done', counts: {}, settings: { coverTiltDeg: 15 } })
    const { items } = await world.as('wall').get<{ items: Run[] }>('/backtests')
    expect(items.map(({ id }) => id)).toEqual([changed.id, asDelivered.id])
  })

  it('is an engineer’s right, and asks for sense', async () => {
    world = await aWorld({ start: '10:00:00' })
    expect(await world.as('dispatcher').ask('POST', '/backtests', SPAN)).toMatchObject({ status: 403 })
    const refused = (body: object) => world.as('engineer').ask('POST', '/backtests', body)
    expect(await refused({ from: SPAN.from })).toMatchObject({ status: 422, body: { missing: ['to'] } })
    expect(await refused({ ...SPAN, settings: { coverTiltDeg: 99 } })).toMatchObject({
      status: 422,
      body: { code: 'bad-value' },
    })
  })
})
