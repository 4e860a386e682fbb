import { describe, expect, it } from 'vitest'
import { barHeights, labelsOf } from '../../web/src/model/spans.ts'

const HOUR = 3_600_000
const at = (text: string): number => Date.parse(`2026-01-${text}+08:00`)

describe('the time strip', () => {
  it('labels full hours and midnights of Shanghai', () => {
    expect(labelsOf(at('15T20:10:00'), at('16T02:00:00'), 3 * HOUR)).toEqual([
      at('15T21:00:00'),
      at('16T00:00:00'),
    ])
    expect(labelsOf(at('14T12:00:00'), at('16T12:00:00'), 24 * HOUR)).toEqual([
      at('15T00:00:00'),
      at('16T00:00:00'),
    ])
    expect(labelsOf(at('15T20:10:00'), at('15T20:20:00'), HOUR)).toEqual([])
  })

  it('shows a single entry beside a flood, and nothing where nothing was', () => {
    const [none, one, flood] = barHeights([0, 1, 400])
    expect([none, flood]).toEqual([0, 1])
    expect(one).toBeCloseTo(0.18)
    expect(barHeights([0, 0])).toEqual([0, 0])
  })
})
