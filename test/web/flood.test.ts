import { describe, expect, it } from 'vitest'
import { rowOf } from '../../web/src/model/due-list.ts'
import { floodGroups, floodSince } from '../../web/src/model/flood.ts'
import { aTicket } from './samples.ts'

const MINUTE = 60_000
const T = Date.parse('2026-01-15T03:00:00+08:00')
/** So many alarms, one every `everyMs` from T on. */
const alarms = (count: number, everyMs: number) => Array.from({ length: count }, (_, i) => T + i * everyMs)

describe('a flood of alarms', () => {
  it('begins with the eleventh in ten minutes', () => {
    expect(floodSince(alarms(10, MINUTE / 2), T + 9 * MINUTE)).toBeUndefined()
    expect(floodSince(alarms(11, MINUTE / 2), T + 9 * MINUTE)).toBe(T + 5 * MINUTE)
  })

  it('is none where as many come in a longer time', () => {
    expect(floodSince(alarms(11, 1.1 * MINUTE), T + 12 * MINUTE)).toBeUndefined()
  })

  it('lasts until fewer than five come in ten minutes, and does not flicker at its edge', () => {
    const burst = alarms(12, 10_000)
    expect(floodSince(burst, T + 9 * MINUTE)).toBe(T + 100_000)
    const rest = Array.from({ length: 6 }, (_, i) => T + (3 + i) * MINUTE)
    // Six in the last ten minutes: no more than ten, and no end.
    expect(floodSince([...burst, ...rest], T + 12 * MINUTE)).toBe(T + 100_000)
    expect(floodSince([...burst, ...rest], T + 15 * MINUTE)).toBeUndefined()
  })

  it('knows nothing of what is still to come', () => {
    expect(floodSince(alarms(20, MINUTE / 4), T + MINUTE)).toBeUndefined()
  })
})

describe('what the alarms of a flood have in common', () => {
  const row = (id: string, assetId?: string) =>
    rowOf(aTicket({ id, ...(assetId === undefined ? {} : { assetId }) }), new Map())
  const lines: Record<string, string> = {
    a1: '北干线',
    a2: '北干线',
    a3: '北干线',
    b1: '南干线',
    b2: '南干线',
  }
  const groups = (...rows: ReturnType<typeof row>[]) =>
    floodGroups(rows, ({ ticket }) => lines[ticket.assetId ?? '']).map(({ name, rows: of }) => [
      name,
      of.map(({ ticket }) => ticket.id),
    ])

  it('is the line of three or more; the others are the rest', () => {
    expect(groups(row('1', 'a1'), row('2', 'b1'), row('3', 'a2'), row('4'), row('5', 'a3'))).toEqual([
      ['北干线', ['1', '3', '5']],
      [undefined, ['2', '4']],
    ])
  })

  it('is nothing where two alone share a line', () => {
    expect(groups(row('1', 'b1'), row('2', 'b2'))).toEqual([[undefined, ['1', '2']]])
  })
})
