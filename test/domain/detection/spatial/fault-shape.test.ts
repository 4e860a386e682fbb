import { describe, expect, it } from 'vitest'
import { shapeOf } from '../../../../server/domain/detection/spatial/fault-shape.ts'

const noise = (n: number): number => 0.4 * Math.sin(n * 12.9898) + 0.3 * Math.cos(n * 78.233)
const day = (of: (n: number) => number) => Float64Array.from({ length: 96 }, (_, n) => of(n) + noise(n))

describe('how a residual leaves its level', () => {
  it.each([
    ['an hour after a jump', (n: number) => (n >= 92 ? 8 : 0), 'step', 8],
    ['half a day after one downwards', (n: number) => (n >= 48 ? -12 : 3), 'step', -15],
    ['after six hours of 2 kPa/h', (n: number) => (n >= 72 ? (n - 71.5) * 0.5 : 0), 'ramp', 0.5],
    ['after twelve hours of −0.6 kPa/h', (n: number) => (n >= 48 ? (47.5 - n) * 0.15 : 0), 'ramp', -0.15],
  ] as const)('%s it is a %s', (_name, of, kind, size) => {
    const shape = shapeOf(day(of))
    expect(shape?.kind).toBe(kind)
    expect(Math.abs((shape?.size ?? 0) - size)).toBeLessThan(0.15 * Math.abs(size) + 0.02)
    expect(shape?.ratio).toBeLessThan(0.7)
  })

  it('says nothing of too few values', () => {
    expect(shapeOf(new Float64Array(96).fill(Number.NaN))).toBeUndefined()
  })

  it('goes by what is known when hours are missing', () => {
    const values = day((n) => (n >= 60 ? 10 : 0))
    for (let n = 20; n < 50; n += 1) values[n] = Number.NaN
    expect(shapeOf(values)).toMatchObject({ kind: 'step', from: 60 })
  })
})
