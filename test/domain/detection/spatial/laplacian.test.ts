import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  eliminationOrder,
  factorise,
  type Link,
} from '../../../../server/domain/detection/spatial/laplacian.ts'

function headsOf(
  points: number,
  links: readonly Link[],
  conductance: readonly number[],
  inflow: readonly number[],
): Float64Array {
  const order = eliminationOrder(points, links, new Set([0]))
  return factorise(points, links, Float64Array.from(conductance), order).solve(Float64Array.from(inflow))
}

describe('a network of conductances', () => {
  it('in a row adds its resistances', () => {
    const row = [
      { a: 0, b: 1 },
      { a: 1, b: 2 },
    ]
    expect([...headsOf(3, row, [1, 0.5], [0, 0, 1])]).toEqual([0, 1, 3])
  })

  it('side by side adds its conductances', () => {
    const twice = [
      { a: 0, b: 1 },
      { a: 0, b: 1 },
    ]
    expect(headsOf(2, twice, [1, 3], [0, 1])[1]).toBeCloseTo(0.25)
  })

  it('leaves points that no water reaches at nothing', () => {
    const island = [
      { a: 0, b: 1 },
      { a: 2, b: 3 },
    ]
    const heads = headsOf(4, island, [1, 1], [0, 1, 0, 0])
    expect([...heads]).toEqual([0, 1, 0, 0])
  })

  it('keeps the balance at every point of any looped network', () => {
    const shape = fc
      .integer({ min: 3, max: 14 })
      .chain((points) =>
        fc.record({
          points: fc.constant(points),
          tree: fc.tuple(...Array.from({ length: points - 1 }, (_, i) => fc.nat({ max: i }))),
          loops: fc.array(fc.tuple(fc.nat({ max: points - 1 }), fc.nat({ max: points - 1 })), {
            maxLength: 12,
          }),
          inflow: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
            minLength: points,
            maxLength: points,
          }),
          widths: fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 30, maxLength: 30 }),
        }),
      )
    fc.assert(
      fc.property(shape, ({ points, tree, loops, inflow, widths }) => {
        const links = [
          ...tree.map((parent, i) => ({ a: parent, b: i + 1 })),
          ...loops.filter(([a, b]) => a !== b).map(([a, b]) => ({ a, b })),
        ]
        const heads = headsOf(points, links, widths.slice(0, links.length), inflow)
        for (let point = 1; point < points; point += 1) {
          const out = links.reduce((sum, { a, b }, n) => {
            const drop = (heads[a] ?? 0) - (heads[b] ?? 0)
            return sum + (a === point ? drop : b === point ? -drop : 0) * (widths[n] ?? 0)
          }, 0)
          expect(out).toBeCloseTo(inflow[point] ?? 0, 5)
        }
      }),
      { numRuns: 100 },
    )
  })
})
