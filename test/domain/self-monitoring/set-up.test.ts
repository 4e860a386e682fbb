import { describe, expect, it } from 'vitest'
import { CHINA_DAYS } from '../../../server/domain/policy/china-days.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import { missingParts, type SetUp } from '../../../server/domain/self-monitoring/set-up.ts'
import { at } from '../../support/desk-world.ts'

const WHOLE: SetUp = {
  people: true,
  assets: 20,
  channels: 1,
  policy: WUDA,
  calendar: CHINA_DAYS,
  at: at('2026-01-15T08:00:00'),
}
const partsOf = (setUp: Partial<SetUp>) => missingParts({ ...WHOLE, ...setUp }).map(({ part }) => part)

describe('what a new installation lacks', () => {
  it('is nobody, no network and no channel on an empty one, and nothing once all are there', () => {
    expect(partsOf({ people: false, assets: 0, channels: 0 })).toEqual(['people', 'network', 'channels'])
    expect(partsOf({})).toEqual([])
  })

  it('is the next calendar from 60 days before the known one ends, and in the unknown year itself', () => {
    expect(partsOf({ at: at('2026-11-01T23:59:59') })).toEqual([])
    expect(partsOf({ at: at('2026-11-02T00:00:00') })).toEqual(['calendar'])
    expect(partsOf({ at: at('2027-05-01T00:00:00') })).toEqual(['calendar'])
  })

  it('names the year and the clocks that count working days, in both languages', () => {
    const [missing] = missingParts({ ...WHOLE, at: at('2026-12-03T08:00:00') })
    expect(missing?.text.zh).toMatch(/^2027年的节假日和调休尚未录入: 跨入该年的回访时限暂按周末计算/)
    expect(missing?.text.en).toMatch(/holidays of 2027 .* \(call-back\) are provisional/)
  })

  it('is no calendar where no clock counts working days', () => {
    const clocks = { ...WUDA.clocks, call_back: { ...WUDA.clocks.call_back, limitBy: 'same_day' as const } }
    expect(partsOf({ at: at('2026-12-03T08:00:00'), policy: { clocks } })).toEqual([])
  })
})
