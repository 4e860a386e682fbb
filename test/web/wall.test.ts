import { describe, expect, it } from 'vitest'
import type { Level, TicketState } from '#contract/vocabulary.ts'
import { crewStanding } from '../../web/src/model/crew-standing.ts'
import { rowOf } from '../../web/src/model/due-list.ts'
import { wallFocus, wallPage } from '../../web/src/model/wall-page.ts'
import { householdsWithoutHeat } from '../../web/src/model/without-heat.ts'
import { aTicket } from './samples.ts'

const row = (id: string, level: Level = 'special') => rowOf(aTicket({ id, level }), new Map())
const rows = (count: number) => Array.from({ length: count }, (_, i) => row(String(i + 1)))

describe('the pages of the wall', () => {
  const page = (count: number, fits: number, turn: number) => {
    const { rows: shown, page: at, pages } = wallPage(rows(count), fits, turn)
    return [shown.map(({ ticket }) => ticket.id).join(' '), `${String(at)}/${String(pages)}`]
  }

  it('are one where all rows fit', () => {
    expect(page(8, 8, 5)).toEqual(['1 2 3 4 5 6 7 8', '1/1'])
    expect(page(0, 8, 0)).toEqual(['', '1/1'])
  })

  it('turn through the others while the three gravest stay', () => {
    expect(page(16, 8, 0)).toEqual(['1 2 3 4 5 6 7 8', '1/3'])
    expect(page(16, 8, 1)).toEqual(['1 2 3 9 10 11 12 13', '2/3'])
    expect(page(16, 8, 2)).toEqual(['1 2 3 14 15 16', '3/3'])
    expect(page(16, 8, 3)).toEqual(page(16, 8, 0))
  })

  it('show every row on some page, on a screen however small', () => {
    for (const fits of [1, 2, 4]) {
      const { pages } = wallPage(rows(9), fits, 0)
      const seen = Array.from({ length: pages }, (_, turn) => wallPage(rows(9), fits, turn).rows).flat()
      expect(new Set(seen.map(({ ticket }) => ticket.id)).size).toBe(9)
      expect(
        Math.max(...Array.from({ length: pages }, (_, turn) => wallPage(rows(9), fits, turn).rows.length)),
      ).toBeLessThanOrEqual(fits)
    }
  })
})

describe('what the wall looks at', () => {
  it('is the first emergency, and a lower level only where there is none', () => {
    expect(wallFocus([row('question', 'third'), row('cover', 'special')])?.ticket.id).toBe('cover')
    expect(wallFocus([row('question', 'third')])?.ticket.id).toBe('question')
    expect(wallFocus([])).toBeUndefined()
  })
})

describe('what a crew is doing', () => {
  const ticket = (id: string, state: TicketState) => aTicket({ id, state })

  it('is the work that is farthest, and how much waits', () => {
    const standing = crewStanding(
      [
        ticket('a', 'en_route'),
        ticket('b', 'safety_set'),
        ticket('c', 'dispatched'),
        ticket('d', 'returned'),
      ],
      'network-ops',
    )
    expect([standing.at?.id, standing.waiting]).toEqual(['b', 2])
  })

  it('is nothing where the work is another department’s or done', () => {
    expect(crewStanding([ticket('a', 'en_route')], 'area-1')).toEqual({ at: undefined, waiting: 0 })
    expect(crewStanding([ticket('a', 'submitted')], 'network-ops')).toEqual({ at: undefined, waiting: 0 })
  })
})

describe('households without heat', () => {
  const homes = (id: string) => ({ s1: 400, s2: 600 })[id]
  const notice = (
    kind: 'fault_outage' | 'tariff',
    effectiveAt: string,
    assetIds: string[],
    until?: string,
  ) => ({
    kind,
    effectiveAt: `2026-01-15T${effectiveAt}+08:00`,
    assetIds,
    ...(until === undefined ? {} : { until: `2026-01-15T${until}+08:00` }),
  })
  const now = Date.parse('2026-01-15T12:00:00+08:00')

  it('are those of stations with an outage that is on, each once', () => {
    const notices = [
      notice('fault_outage', '08:00:00', ['s1', 'well']),
      notice('fault_outage', '09:00:00', ['s1', 's2'], '12:00:01'),
    ]
    expect(householdsWithoutHeat(notices, homes, now)).toBe(1000)
  })

  it('are none before it begins, after it has ended, and for what is no outage', () => {
    const notices = [
      notice('fault_outage', '12:00:01', ['s1']),
      notice('fault_outage', '08:00:00', ['s1'], '12:00:00'),
      notice('tariff', '08:00:00', ['s2']),
    ]
    expect(householdsWithoutHeat(notices, homes, now)).toBe(0)
  })
})
