import { beforeEach, describe, expect, it } from 'vitest'
import type { BacktestChange } from '../../../server/flows/backtest/incidents.ts'
import {
  createBacktests,
  type BacktestNews,
  type BacktestOrder,
} from '../../../server/flows/backtest/backtests.ts'
import { at, PEOPLE } from '../../support/desk-world.ts'

const SPAN = { from: '2026-01-14T00:00:00+08:00', to: '2026-01-15T00:00:00+08:00' }

interface Started {
  readonly order: BacktestOrder
  readonly hear: (news: BacktestNews) => void
  stopped: boolean
}
let started: Started[]
let ids: number
beforeEach(() => {
  started = []
  ids = 0
})

const make = () =>
  createBacktests({
    network: { packed: () => undefined },
    clock: { now: () => at('10:00:00') },
    newId: () => `run-${String((ids += 1))}`,
    start(order, hear) {
      const one: Started = { order, hear, stopped: false }
      started.push(one)
      return {
        stop: async () => {
          one.stopped = true
        },
      }
    },
  })
const change = { at: SPAN.from, type: 'device' } as BacktestChange

const LATE = { zh: '晚到', en: 'late' }
const READ = { zh: '读完', en: 'read' }

describe('backtests', () => {
  it('run one at a time; a stopped one makes room', async () => {
    const backtests = make()
    expect(backtests.begin(SPAN, PEOPLE.engineer)).toMatchObject({ id: 'run-1', state: 'running' })
    expect(backtests.begin(SPAN, PEOPLE.engineer)).toMatchObject({ kind: 'refusal', code: 'conflict' })
    expect(await backtests.stop('run-1')).toMatchObject({ state: 'stopped' })
    expect(started[0]?.stopped).toBe(true)
    expect(backtests.begin(SPAN, PEOPLE.engineer)).toMatchObject({ id: 'run-2' })
    started[0]?.hear({ kind: 'done', account: [LATE] })
    expect(backtests.find('run-1')).toMatchObject({ state: 'stopped', account: [] })
  })

  it('keep the last ten, and so many changes of each; the counts are whole', () => {
    const backtests = make()
    for (let n = 0; n < 12; n += 1) {
      backtests.begin(SPAN, PEOPLE.engineer)
      const changes = Array.from({ length: 1500 }, () => change)
      started[n]?.hear({ kind: 'progress', share: 0.5, changes })
      started[n]?.hear({ kind: 'progress', share: 0.9, changes })
      started[n]?.hear({ kind: 'done', account: [READ] })
    }
    expect(backtests.list().map(({ id }) => id)).toEqual(
      [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((n) => `run-${String(n)}`),
    )
    const last = backtests.find('run-12')
    expect(last).toMatchObject({ state: 'done', share: 1, counts: { device: 3000 }, account: [READ] })
    expect(last?.changes).toHaveLength(2000)
  })

  it('that fail say why', () => {
    const backtests = make()
    backtests.begin(SPAN, PEOPLE.engineer)
    started[0]?.hear({ kind: 'failed', problem: 'InfluxDB cannot answer' })
    expect(backtests.find('run-1')).toMatchObject({ state: 'failed', problem: 'InfluxDB cannot answer' })
  })

  it('take changed settings over those as delivered', () => {
    make().begin({ ...SPAN, settings: { pressureZ: 7 } }, PEOPLE.engineer)
    expect(started[0]?.order.settings).toMatchObject({ pressureZ: 7, coverTiltDeg: 10 })
  })

  it.each([
    ['a setting that does not exist', { settings: { toString: 1 } }, 'bad-value'],
    ['a setting beyond its range', { settings: { coverTiltDeg: 15.1 } }, 'bad-value'],
    ['a setting below its range', { settings: { coverTiltDeg: 4.9 } }, 'bad-value'],
    ['an end before the beginning', { to: SPAN.from }, 'bad-time'],
    ['the future', { to: '2026-01-15T10:00:01+08:00' }, 'bad-time'],
    ['more than 400 days', { from: '2024-12-01T00:00:00+08:00' }, 'bad-time'],
    ['no time', { from: 'yesterday' }, 'bad-time'],
  ])('refuse %s', (_name, more, code) => {
    expect(make().begin({ ...SPAN, ...more }, PEOPLE.engineer)).toMatchObject({ kind: 'refusal', code })
    expect(started).toEqual([])
  })
})
