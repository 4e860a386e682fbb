import { describe, expect, it } from 'vitest'
import type { DutyBook, PlanVersion } from '../../../server/domain/duty/book.ts'
import { seasonCoverage, seasonHours, type Stretch } from '../../../server/domain/duty/gaps.ts'
import { aBook, aPlan, at } from './book.ts'

const coverage = (book: DutyBook, ids: readonly string[], stretch: Stretch) =>
  seasonCoverage(book, ids, [...seasonHours(book, ids, stretch)])

describe('the coverage of a season', () => {
  const hoursOf = (plan: Partial<PlanVersion>, from: string, to: string) => {
    const book = aBook([aPlan(plan)])
    const { neededHours, coveredHours, missingHours } = coverage(book, ['network-ops'], {
      from: at(from),
      to: at(to),
    })
    return [neededHours, coveredHours, missingHours]
  }

  it('counts the hours of the season only, covered and missing', () => {
    // The season ends with 15 April.
    expect(hoursOf({}, '2026-04-14T00:00:00', '2026-04-30T00:00:00')).toEqual([48, 48, 0])
    expect(hoursOf({ shifts: [] }, '2026-04-14T00:00:00', '2026-04-30T00:00:00')).toEqual([48, 0, 48])
    expect(hoursOf({}, '2026-05-01T00:00:00', '2026-06-01T00:00:00')).toEqual([0, 0, 0])
  })

  it('counts two seasons of one period', () => {
    expect(hoursOf({ shifts: [] }, '2026-04-15T00:00:00', '2026-10-16T00:00:00')).toEqual([48, 0, 48])
  })

  it('begins with the first roster, and names departments that have none', () => {
    const since = at('2026-01-15T12:00:00')
    expect(hoursOf({ shifts: [], since }, '2026-01-15T00:00:00', '2026-01-16T00:00:00')).toEqual([12, 0, 12])
    const stretch = { from: at('2026-01-15T00:00:00'), to: at('2026-01-16T00:00:00') }
    const found = coverage(aBook([aPlan()]), ['network-ops', 'area-1'], stretch)
    expect(found).toMatchObject({ neededHours: 24, withoutRoster: ['area-1'] })
  })
})
