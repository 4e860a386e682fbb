import { describe, expect, it } from 'vitest'
import {
  createCalibration,
  learnFalseAlarm,
  observeStatistic,
} from '../../../server/domain/detection/core/calibration.ts'
import { DAY } from '../../../server/domain/instant.ts'

const BUDGET = { least: 5, perSeason: 1 }
const START = 20_000 * DAY

/** Daily maxima 3 + a little that differs from day to day. */
const usual = (day: number): number => 3 + 0.5 * Math.abs(Math.sin(day * 1.7))

function days(count: number, peak: (day: number) => number) {
  const calibration = createCalibration(BUDGET)
  for (let day = 0; day <= count; day += 1) {
    for (const share of [0.2, 1, 0.6])
      observeStatistic(calibration, share * peak(day), START + day * DAY, BUDGET)
  }
  return calibration
}

describe('a threshold', () => {
  it('asks for twice as much on the first day and comes down to the floor in a week', () => {
    expect(createCalibration(BUDGET)).toMatchObject({ threshold: 10, basis: 'floor' })
    expect(days(7, usual)).toMatchObject({ threshold: 5, basis: 'floor' })
  })

  it('counts a day on which nothing moved at all', () => {
    expect(days(7, () => 0)).toMatchObject({ threshold: 5, basis: 'floor', maxima: new Array(7).fill(0) })
  })

  it('is the greatest quiet day up to 30 days', () => {
    const calibration = days(20, (day) => (day === 4 ? 9 : usual(day)))
    expect(calibration.basis).toBe('conformal')
    expect(calibration.threshold).toBeGreaterThanOrEqual(9)
  })

  it('is the Gumbel quantile at its budget later, recalibrated weekly', () => {
    const noisy = days(60, (day) => 6 + Math.abs(Math.sin(day * 1.7)))
    expect(noisy.basis).toBe('gumbel')
    // By moments: mean 6.64, standard deviation 0.31: 6.64 + (5.21 − 0.577) · 0.31 · √6/π.
    expect(noisy.threshold).toBeGreaterThan(7.4)
    expect(noisy.threshold).toBeLessThan(8.2)
    expect(noisy.day - noisy.calibratedOn).toBeLessThan(7)
  })

  it('learns nothing of a day with an alarm, and from a false one what it was', () => {
    const calibration = days(10, usual)
    observeStatistic(calibration, 30, START + 11 * DAY, BUDGET)
    calibration.alarmed = true
    observeStatistic(calibration, 1, START + 12 * DAY, BUDGET)
    expect(Math.max(...calibration.maxima)).toBeLessThan(5)
    learnFalseAlarm(calibration, 11, BUDGET)
    expect(calibration.threshold).toBeGreaterThanOrEqual(11)
  })

  it('goes through JSON as it is', () => {
    const calibration = days(12, usual)
    expect(JSON.parse(JSON.stringify(calibration))).toEqual(calibration)
  })
})
