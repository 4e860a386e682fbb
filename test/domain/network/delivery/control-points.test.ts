import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Position } from '#contract/identity.ts'
import { crsOf } from '../../../../server/domain/network/delivery/crs.ts'
import { fitControlPoints } from '../../../../server/domain/network/delivery/control-points.ts'
import { distanceM } from '../../../../server/domain/network/geometry.ts'

const ZONE = crsOf('EPSG:4545')
/** A place so many metres east and north of a corner of Wuda, on the ellipsoid. */
function place(east: number, north: number): Position {
  if (ZONE === undefined) throw new Error('the zone is known')
  return ZONE.toLonLat([388_000 + east, 4_374_000 + north])
}

/** A city's grid: turned, shifted, and by a little larger or smaller than metres. */
interface Grid {
  readonly turnDeg: number
  readonly scale: number
  readonly east: number
  readonly north: number
}
const CITY: Grid = { turnDeg: 1.3, scale: 1.00004, east: 50_000, north: 20_000 }

function inGrid({ turnDeg, scale, east, north }: Grid, [x, y]: readonly [number, number]) {
  const turn = (turnDeg * Math.PI) / 180
  return [
    east + scale * (x * Math.cos(turn) - y * Math.sin(turn)),
    north + scale * (x * Math.sin(turn) + y * Math.cos(turn)),
  ] as const
}
function control(grid: Grid, at: readonly [number, number]) {
  const [x, y] = inGrid(grid, at)
  const [lon, lat] = place(...at)
  return { x, y, lon, lat }
}
const CORNERS = [
  [0, 0],
  [3000, 100],
  [2800, 2500],
  [200, 2600],
] as const
const FOUR = CORNERS.map((at) => control(CITY, at))

describe('a grid of a city by control points', () => {
  it('finds any place of the town again, whatever the grid', () => {
    const grids = fc.record({
      turnDeg: fc.double({ min: -180, max: 180, noNaN: true }),
      scale: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
      east: fc.integer({ min: -1e6, max: 1e6 }),
      north: fc.integer({ min: -1e6, max: 1e6 }),
    })
    const places = fc.tuple(fc.integer({ min: -2000, max: 4000 }), fc.integer({ min: -2000, max: 4000 }))
    fc.assert(
      fc.property(grids, places, (grid, at) => {
        const fit = fitControlPoints(CORNERS.map((one) => control(grid, one)))
        if ('problem' in fit) throw new Error(fit.problem.en)
        const [x, y] = inGrid(grid, at)
        expect(distanceM(fit.toLonLat([x, y]), place(...at))).toBeLessThan(0.05)
      }),
      { numRuns: 50, seed: 15 },
    )
  })

  it('tells how far off each point is from three on, and nothing for two, which always fit', () => {
    expect(fitControlPoints(FOUR).residualsM).toHaveLength(4)
    expect(fitControlPoints(FOUR.slice(0, 3)).residualsM).toHaveLength(3)
    expect(fitControlPoints(FOUR.slice(0, 2), {}).residualsM).toEqual([])
  })

  it('names the one point that was typed 40 m off', () => {
    const wrong = FOUR.map((point, i) => (i === 2 ? { ...point, y: point.y + 40 } : point))
    const fit = fitControlPoints([...wrong, control(CITY, [1500, 1200])])
    expect('problem' in fit && fit.problem.zh).toMatch(
      /^第 3 个控制点写错了: 残差最大 \d+\.\d\d 米,超过 1 米/,
    )
  })

  it('says that x and y are swapped', () => {
    const swapped = FOUR.map(({ x, y, ...rest }) => ({ ...rest, x: y, y: x }))
    const fit = fitControlPoints(swapped)
    expect('problem' in fit && fit.problem.en).toContain('x and y of the control points are swapped')
  })

  it('refuses two points that are not as far apart as in the field', () => {
    const [first, second] = [FOUR[0], FOUR[1]]
    if (first === undefined || second === undefined) throw new Error('four points')
    const fit = fitControlPoints([first, { ...second, x: second.x + 40 }])
    expect('problem' in fit && fit.problem.zh).toContain('应为 1 ± 0.001')
  })

  it.each([
    ['none', []],
    ['one', FOUR.slice(0, 1)],
    ['one twice', [...FOUR.slice(0, 1), ...FOUR.slice(0, 1)]],
  ])('wants more than %s', (_name, points) => {
    expect(fitControlPoints(points)).toHaveProperty('problem')
  })
})
