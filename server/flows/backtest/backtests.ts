import type { BacktestRequest, BacktestState, BacktestView } from '#contract/backtest.ts'
import type { LocalizedText } from '#contract/text.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { DEFAULT_SETTINGS, SETTINGS } from '../../domain/detection/catalogue.ts'
import type { DetectionSettings } from '../../domain/detection/core/settings.ts'
import { DAY, instantText, parseInstant, type Instant } from '../../domain/instant.ts'
import type { BacktestChange } from './incidents.ts'
import type { NetworkRegistry } from '../network/change-network.ts'
import type { PackedNetwork } from '../network/network-work.ts'
import type { Clock } from '../ports.ts'

/** What a thread is asked to do, as plain values. */
export interface BacktestOrder {
  /** Undefined before the first import. */
  readonly network: PackedNetwork | undefined
  readonly settings: DetectionSettings
  readonly from: Instant
  readonly to: Instant
}

/** What it says meanwhile. */
export type BacktestNews =
  | { readonly kind: 'progress'; readonly share: number; readonly changes: readonly BacktestChange[] }
  | { readonly kind: 'done'; readonly account: readonly LocalizedText[] }
  | { readonly kind: 'failed'; readonly problem: string }

/** Runs an order apart from the server's own loop. `stop` resolves when nothing of it runs any more. */
export type StartBacktest = (
  order: BacktestOrder,
  hear: (news: BacktestNews) => void,
) => { stop(): Promise<void> }

export interface Backtests {
  list(): readonly BacktestView[]
  find(id: string): (BacktestView & { readonly changes: readonly BacktestChange[] }) | undefined
  begin(request: BacktestRequest, by: Person): BacktestView | Refusal
  stop(id: string): Promise<BacktestView | Refusal>
  close(): Promise<void>
}

const RUNS_KEPT = 10
const CHANGES_KEPT = 2000
const MAX_DAYS = 400

interface Kept {
  view: BacktestView
  changes: BacktestChange[]
  readonly run: { stop(): Promise<void> }
}

/** What-if runs over stored readings: one at a time, the last ten kept in memory. */
export function createBacktests(parts: {
  readonly start: StartBacktest
  readonly network: Pick<NetworkRegistry, 'packed'>
  readonly clock: Clock
  readonly newId: () => string
}): Backtests {
  const { start, network, clock } = parts
  let runs: readonly Kept[] = []
  const running = (): Kept | undefined => runs.find(({ view }) => view.state === 'running')

  function hear(id: string, news: BacktestNews): void {
    const kept = runs.find(({ view }) => view.id === id)
    if (kept?.view.state !== 'running') return
    if (news.kind === 'progress') {
      const counts: Record<string, number> = { ...kept.view.counts }
      for (const { type } of news.changes) counts[type] = (counts[type] ?? 0) + 1
      kept.changes = [...kept.changes, ...news.changes].slice(0, CHANGES_KEPT)
      kept.view = { ...kept.view, share: news.share, counts }
    } else if (news.kind === 'done') end(kept, 'done', { share: 1, account: [...news.account] })
    else end(kept, 'failed', { problem: news.problem })
  }

  function end(kept: Kept, state: BacktestState, more: Partial<BacktestView> = {}): void {
    kept.view = { ...kept.view, ...more, state, endedAt: instantText(clock.now()) }
  }

  return {
    list: () => runs.map(({ view }) => view),
    find(id) {
      const kept = runs.find(({ view }) => view.id === id)
      return kept === undefined ? undefined : { ...kept.view, changes: kept.changes }
    },
    begin({ from: fromText, to: toText, settings: changed = {} }, by) {
      const order = orderOf({ fromText, toText, changed, now: clock.now() })
      if (isRefusal(order)) return order
      if (running() !== undefined)
        return refuse('conflict', {
          zh: '已有一个回测在运行,请等它结束或先停止',
          en: 'a backtest is running; wait for its end or stop it',
        })
      const id = parts.newId()
      const view: BacktestView = {
        id,
        state: 'running',
        by: by.name,
        startedAt: instantText(clock.now()),
        from: instantText(order.from),
        to: instantText(order.to),
        settings: { ...changed },
        share: 0,
        counts: {},
        account: [],
      }
      const run = start({ network: network.packed(), ...order }, (news) => {
        hear(id, news)
      })
      runs = [{ view, changes: [], run }, ...runs].slice(0, RUNS_KEPT)
      return view
    },
    async stop(id) {
      const kept = runs.find(({ view }) => view.id === id)
      if (kept === undefined)
        return refuse('not-found', { zh: `没有回测 ${id}`, en: `there is no backtest ${id}` })
      if (kept.view.state === 'running') end(kept, 'stopped')
      await kept.run.stop()
      return kept.view
    },
    async close() {
      for (const { run } of runs) await run.stop()
    },
  }
}

function orderOf(asked: {
  readonly fromText: string
  readonly toText: string
  readonly changed: Readonly<Record<string, number>>
  readonly now: Instant
}): Omit<BacktestOrder, 'network'> | Refusal {
  const [from, to] = [parseInstant(asked.fromText), parseInstant(asked.toText)]
  if (from === undefined || to === undefined)
    return refuse('bad-time', { zh: '起止时间须带时区', en: 'from and to must be times with their offset' })
  if (from >= to) return refuse('bad-time', { zh: '开始时间须早于结束时间', en: 'from must lie before to' })
  if (to > asked.now) return refuse('bad-time', { zh: '结束时间在将来', en: 'to lies in the future' })
  if (to - from > MAX_DAYS * DAY)
    return refuse('bad-time', {
      zh: `时间跨度最长 ${String(MAX_DAYS)} 天`,
      en: `no more than ${String(MAX_DAYS)} days at once`,
    })
  const wrong = Object.entries(asked.changed).flatMap(([key, value]) => mistakeOf(key, value) ?? [])
  if (wrong.length > 0)
    return refuse('bad-value', {
      zh: wrong.map(({ zh }) => zh).join(';'),
      en: wrong.map(({ en }) => en).join('; '),
    })
  return { from, to, settings: { ...DEFAULT_SETTINGS, ...asked.changed } }
}

function mistakeOf(key: string, value: number): LocalizedText | undefined {
  const definition = Object.hasOwn(SETTINGS, key) ? SETTINGS[key] : undefined
  if (definition === undefined) return { zh: `没有参数 ${key}`, en: `there is no setting ${key}` }
  const { title, min, max, unit } = definition
  if (value >= min && value <= max) return undefined
  return {
    zh: `${title}(${key})须在 ${String(min)} 到 ${String(max)} ${unit} 之间`,
    en: `${key} must lie between ${String(min)} and ${String(max)} ${unit}`,
  }
}
