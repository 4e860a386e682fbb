import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partsOfPipes } from '../../../../server/domain/network/delivery/islands.ts'
import { joinLines, type LooseLine } from '../../../../server/domain/network/delivery/join-lines.ts'
import { place } from '../../../support/networks.ts'

const line = (id: string, ...at: (readonly [number, number])[]): LooseLine => ({
  id,
  line: at.map(([x, y]) => place(x, y)),
})
const point = (id: string, x: number, y: number) => ({ id, at: place(x, y) })
const ways = (lines: readonly LooseLine[], points: ReturnType<typeof point>[] = [], snapM = 0.5) => {
  const joined = joinLines(lines, points, snapM)
  return { ...joined, ways: joined.pipes.map(({ id, from, to }) => `${id}: ${from} → ${to}`) }
}

describe('topology from geometry', () => {
  it('gives an end to the point within the tolerance', () => {
    const { ways: found, loose } = ways(
      [line('P', [0, 0], [100, 0.3])],
      [point('A', 0, 0), point('B', 100, 0)],
    )
    expect(found).toEqual(['P: A → B'])
    expect(loose).toEqual([])
  })

  it('splits a line at the wells on it, in their order, with shares of its length', () => {
    const { pipes } = ways(
      [line('P', [0, 0], [50, 0], [100, 0])],
      [point('A', 0, 0), point('C', 75, 0.1), point('B', 25, 0), point('D', 100, 0)],
    )
    expect(pipes.map(({ id, from, to, share }) => [id, from, to, Number(share.toFixed(2))])).toEqual([
      ['P#1', 'A', 'B', 0.25],
      ['P#2', 'B', 'C', 0.5],
      ['P#3', 'C', 'D', 0.25],
    ])
  })

  it('joins ends that meet, and a branch that ends on a line’s course', () => {
    const {
      ways: found,
      joints,
      loose,
    } = ways([line('P', [0, 0], [100, 0]), line('Q', [100.2, 0], [200, 0]), line('R', [50, 0.2], [50, 40])])
    expect(found).toEqual(['P#1: P:a → R:a', 'P#2: R:a → P:b', 'Q: P:b → Q:b', 'R: R:a → R:b'])
    expect(joints.map(({ id }) => id).sort()).toEqual(['P:a', 'P:b', 'Q:b', 'R:a', 'R:b'])
    expect(loose.map(({ id }) => id).sort()).toEqual(['P:a', 'Q:b', 'R:b'])
  })

  it('does not join what lies farther apart than the tolerance, and counts the parts', () => {
    const { pipes } = ways([line('P', [0, 0], [100, 0]), line('Q', [101, 0], [200, 0])])
    expect(partsOfPipes(pipes).map((part) => part.pipes)).toEqual([1, 1])
    expect(
      partsOfPipes(ways([line('P', [0, 0], [100, 0]), line('Q', [101, 0], [200, 0])], [], 2).pipes),
    ).toHaveLength(1)
  })

  it('leaves a line that names both ends as it is', () => {
    const named = { ...line('P', [0, 0], [100, 0]), from: 'X', to: 'Y' }
    expect(ways([named], [point('A', 50, 0)]).ways).toEqual(['P: X → Y'])
  })

  it('leaves out a line that is shorter than the tolerance', () => {
    expect(ways([line('P', [0, 0], [0.2, 0]), line('Q', [0, 0], [50, 0])])).toMatchObject({
      vanished: ['P'],
      ways: ['Q: P:a → Q:b'],
    })
  })

  it('keeps the length of every line and joins only nodes that there are, whatever is drawn', () => {
    const somewhere = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
    const lines = fc.array(fc.tuple(somewhere, somewhere), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(lines, fc.array(somewhere, { maxLength: 8 }), (drawn, wells) => {
        const given = drawn.map(([a, b], i) => line(`L${i}`, a, b))
        const points = wells.map(([x, y], i) => point(`W${i}`, x, y))
        const { pipes, joints, vanished } = joinLines(given, points, 0.5)
        const nodes = new Set([...points, ...joints].map(({ id }) => id))
        for (const { from, to } of pipes) {
          expect(from).not.toBe(to)
          expect(nodes.has(from) && nodes.has(to)).toBe(true)
        }
        for (const { id } of given.filter((one) => !vanished.includes(one.id))) {
          const whole = pipes.filter(({ of }) => of === id).reduce((sum, { share }) => sum + share, 0)
          expect(whole).toBeCloseTo(1, 1)
        }
        expect(new Set(pipes.map(({ id }) => id)).size).toBe(pipes.length)
      }),
      { numRuns: 200, seed: 15 },
    )
  })
})
