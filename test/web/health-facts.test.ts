import { describe, expect, it } from 'vitest'
import type { SystemHealth } from '#contract/live.ts'
import { healthFacts } from '../../web/src/features/overview/health-facts.ts'
import { TEXTS } from '../../web/src/base/i18n/texts.ts'

const health = (change: Partial<SystemHealth> = {}): SystemHealth => ({
  at: '2026-01-15T23:06:24+08:00',
  broker: { ok: true, clients: 412, messagesPerMinute: 1284 },
  journal: { ok: true, pending: 0, capacityLeft: 0.9 },
  store: { ok: true, kind: 'embedded', lagMessages: 3 },
  detector: { ok: true, lagMessages: 0 },
  disk: { ok: true, freeBytes: 2 ** 40 },
  channels: { configured: 2, failing: 0 },
  troubles: [],
  rejected: {},
  clock: 'system',
  ...change,
})
const values = (...of: Parameters<typeof healthFacts> extends [...infer Rest, unknown] ? Rest : never) =>
  healthFacts(...of, TEXTS.zh).map(({ value }) => value)

describe('the state of the system', () => {
  it('is told along the way of a reading', () => {
    expect(values(health(), 'live')).toEqual(['正常', '1,284条/分', '正常', '正常', '正常'])
  })

  it('says how far a part is behind, and that a part has failed', () => {
    const store = { ok: true, kind: 'influx1', lagMessages: 12_345 }
    expect(values(health({ store }), 'live')[2]).toBe('落后12,345条')
    expect(values(health({ detector: { ok: false, lagMessages: 0 } }), 'live')[3]).toBe('异常')
  })

  it('warns of a journal that fills up before anything else of the storage', () => {
    expect(values(health({ journal: { ok: true, pending: 9, capacityLeft: 0.05 } }), 'live')[2]).toBe(
      '日志空间不足',
    )
  })

  it('says whether anybody is told who looks at no screen', () => {
    const told = (configured: number, failing: number) =>
      values(health({ channels: { configured, failing } }), 'live')[4]
    expect([told(0, 0), told(2, 0), told(2, 1), told(0, 1)]).toEqual(['未设置', '正常', '异常', '异常'])
  })

  it('claims nothing while the server cannot be heard', () => {
    expect(values(health(), 'lost')).toEqual(['断开', '不明', '不明', '不明', '不明'])
  })
})
