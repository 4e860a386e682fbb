import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { SIGNAL_PATTERN } from '#contract/telemetry.ts'
import { HOUR, parseInstant, type Instant } from '../../domain/instant.ts'
import type { Network } from '../../domain/network/network.ts'
import { StoreUnavailable, type Clock, type NetworkSource, type ReadingsQuery } from '../ports.ts'
import type { HistoryPage, HistoryPages } from './history-pages.ts'

/** The question as it was asked, in text. */
interface HistoryQuestion {
  readonly asset?: string
  readonly device?: string
  readonly signal?: string
  /** ISO 8601 with offset, or epoch ms. Default: 48 h before `to`. */
  readonly from?: string
  /** Default: now. */
  readonly to?: string
  readonly points?: string
  /** `next` of the page before. */
  readonly cursor?: string
}

const DEFAULT_SPAN_MS = 48 * HOUR
const MAX_POINTS = 10_000
/** All series of an answer together. */
const MAX_IN_ANSWER = 100_000
const PAGE_POINTS = 5000
const MIN_PAGE_POINTS = 100

export interface HistoryParts {
  readonly pages: Pick<HistoryPages, 'read'>
  readonly network: NetworkSource
  readonly clock: Clock
}

export type ReadHistory = (question: HistoryQuestion) => Promise<HistoryPage | Refusal>

/** Readings of an asset or a device: raw page by page, or thinned so that extremes survive. */
export function createReadHistory({ pages, network, clock }: HistoryParts): ReadHistory {
  return async (question) => {
    const query = understand(question, network.current(), clock.now())
    if (isRefusal(query)) return query
    const page = await pages.read(query).catch((error: unknown) => {
      if (!(error instanceof StoreUnavailable)) throw error
      return refuse('unavailable', {
        zh: `历史数据暂时读不到: ${error.message}`,
        en: `the history cannot be read at this moment: ${error.message}`,
      })
    })
    const { deviceId } = query
    const { devices, retired } = network.current()
    const isUnknown = deviceId !== undefined && !devices.has(deviceId) && !retired.has(deviceId)
    if ('isEmpty' in page && page.isEmpty && isUnknown)
      return refuse('not-found', { zh: `没有设备 ${deviceId}`, en: `there is no device ${deviceId}` })
    return page
  }
}

function understand(question: HistoryQuestion, network: Network, now: Instant): ReadingsQuery | Refusal {
  const { asset, device, signal } = question
  if (asset === undefined && device === undefined) {
    return refuse(
      'missing-field',
      { zh: '请给出设施或设备', en: 'name a facility or a device' },
      { missing: ['asset', 'device'] },
    )
  }
  if (asset !== undefined && !network.points.has(asset) && !network.pipes.has(asset)) {
    return refuse('not-found', { zh: `没有设施 ${asset}`, en: `there is no facility ${asset}` })
  }
  if (signal !== undefined && !SIGNAL_PATTERN.test(signal)) {
    return refuse('bad-value', { zh: 'signal 不是信号名', en: 'signal is no name of a signal' })
  }
  const stretch = stretchOf(question, now)
  if (isRefusal(stretch)) return stretch
  const points = pointsOf(question.points)
  if (isRefusal(points)) return points
  const share = Math.floor(MAX_IN_ANSWER / seriesExpected(question, network))
  return {
    ...stretch,
    ...(asset === undefined ? {} : { assetId: asset }),
    ...(device === undefined ? {} : { deviceId: device }),
    ...(signal === undefined ? {} : { signal }),
    ...(points === undefined
      ? { limit: Math.max(MIN_PAGE_POINTS, Math.min(PAGE_POINTS, share)) }
      : { points: Math.max(2, Math.min(points, share)) }),
  }
}

function stretchOf(question: HistoryQuestion, now: Instant): { from: Instant; to: Instant } | Refusal {
  const to = question.to === undefined ? now : instantOf(question.to)
  if (to === undefined)
    return refuse('bad-time', {
      zh: 'to 应为带时区的 ISO 8601 或毫秒',
      en: 'to must be ISO 8601 with its offset, or milliseconds',
    })
  const from = question.from === undefined ? to - DEFAULT_SPAN_MS : instantOf(question.from)
  if (from === undefined)
    return refuse('bad-time', {
      zh: 'from 应为带时区的 ISO 8601 或毫秒',
      en: 'from must be ISO 8601 with its offset, or milliseconds',
    })
  if (from > to) return refuse('bad-time', { zh: 'from 晚于 to', en: 'from lies after to' })
  if (question.cursor === undefined) return { from, to }
  const cursor = instantOf(question.cursor)
  if (cursor === undefined || cursor < from || question.points !== undefined) {
    return refuse('bad-value', {
      zh: 'cursor 不是上一页的 next',
      en: 'cursor is not the next of the page before',
    })
  }
  // The page before may have ended at the very last instant.
  return { from: cursor, to: Math.max(to, cursor) }
}

const MAX_MS = 8.64e15

function instantOf(text: string): Instant | undefined {
  if (!/^\d{1,16}$/.test(text)) return parseInstant(text)
  return Number(text) <= MAX_MS ? Number(text) : undefined
}

function pointsOf(text: string | undefined): number | undefined | Refusal {
  if (text === undefined) return undefined
  const points = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (points >= 2 && points <= MAX_POINTS) return points
  return refuse('bad-value', {
    zh: `points 应为 2 到 ${String(MAX_POINTS)} 的整数`,
    en: `points must be a whole number from 2 to ${String(MAX_POINTS)}`,
  })
}

/** How many series the registry lets expect; extras may come on top. */
function seriesExpected({ asset, device, signal }: HistoryQuestion, network: Network): number {
  const devices = [...network.devices.values()].filter(
    ({ id, assetId }) =>
      (device === undefined || id === device) && (asset === undefined || assetId === asset),
  )
  const signals = devices.map((one) => (signal === undefined ? one.signals.length : 1))
  return Math.max(
    1,
    signals.reduce((sum, count) => sum + count, 0),
  )
}
