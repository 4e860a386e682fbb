import { describe, expect, it } from 'vitest'
import { TEXTS } from '../../web/src/base/i18n/texts.ts'
import { clockLine, limitText } from '../../web/src/model/clock-line.ts'
import { deltaText, expectedBand, valueText } from '../../web/src/model/curve-scale.ts'
import { aClock } from './samples.ts'

const NOW = Date.parse('2026-01-15T23:06:24+08:00')
const line = (change: Parameters<typeof aClock>[0], now = NOW) =>
  clockLine(aClock(change), now, 'zh', TEXTS.zh)

describe('a clock in words', () => {
  it('shows its arithmetic', () => {
    expect(line({}).arithmetic).toBe('22:43:10 + 30分 = 23:13:10')
    expect(limitText(240, 'zh')).toBe('4时')
  })

  it('counts down, then up', () => {
    expect(line({}).verdict).toBe('剩6分46秒')
    expect(line({}, NOW + 10 * 60_000)).toMatchObject({ verdict: '超3分14秒', late: true })
  })

  it('was kept when it stopped at the very instant', () => {
    expect(line({ state: 'met', stoppedAt: '2026-01-15T23:13:10+08:00' })).toMatchObject({
      kept: true,
      late: false,
    })
  })

  it('keeps its breach for ever when it stopped late', () => {
    const stopped = { state: 'breached', stoppedAt: '2026-01-15T23:15:10+08:00' } as const
    expect(line(stopped)).toMatchObject({ verdict: '迟2分00秒', late: true })
  })

  it('says what review time was not charged and where an extension leads', () => {
    const { arithmetic } = line({ excludedMinutes: 60, extendedDueAt: '2026-01-16T05:00:00+08:00' })
    expect(arithmetic).toContain('另扣审核1时00分')
    expect(arithmetic).toContain('延至次日05:00')
  })
})

describe('a measured value in words', () => {
  it('has the digits of its unit, and a pressure’s difference is in kPa', () => {
    expect(valueText(0.7123, 'MPa')).toBe('0.712')
    expect(deltaText(-0.046, 'MPa')).toBe('−46\u00a0kPa')
    expect(deltaText(44, 't/h')).toBe('+44.0')
  })

  it('is held against a baseline of its own unit only', () => {
    expect(expectedBand({ unit: 'kPa', baseline: 1049, sigma: 2 }, 'MPa')?.value).toBeCloseTo(1.049)
    expect(expectedBand({ unit: 't/h', baseline: 22 }, 'MPa')).toBeUndefined()
  })
})
