import { describe, expect, it } from 'vitest'
import type { CallView } from '#contract/hotline.ts'
import { navigationLinks } from '../../web/src/crew/navigation-links.ts'
import { aheadOf, mayWait, type Waiting } from '../../web/src/crew/outbox-queue.ts'
import { earlierCalls } from '../../web/src/hotline/earlier-calls.ts'
import { aTicket } from './samples.ts'

const kept = (change: Partial<Waiting>): Waiting => ({
  key: 'k',
  ticketId: 't1',
  number: 'GW-1',
  command: 'depart',
  version: 1,
  body: {},
  ...change,
})

describe('without a signal', () => {
  it('the crew’s own steps wait, and nobody else’s', () => {
    expect(mayWait('arrive')).toBe(true)
    expect(mayWait('dispatch')).toBe(false)
    expect(mayWait('reject')).toBe(false)
  })

  it('the next step follows what waits', () => {
    const ticket = aTicket({ state: 'assigned' })
    expect(aheadOf(ticket, [kept({}), kept({ command: 'arrive' })]).state).toBe('arrived')
    expect(aheadOf(ticket, [kept({ ticketId: 'another' })])).toBe(ticket)
  })

  it('a refused step counts for nothing', () => {
    const ticket = aTicket({ state: 'assigned' })
    expect(aheadOf(ticket, [kept({ refused: '版本已变' })]).state).toBe('assigned')
  })
})

describe('the way to a place', () => {
  const links = navigationLinks([106.7228, 39.4961], 'J-142')
  const valueOf = (app: string, name: string): string =>
    new URL(links.find((link) => link.app === app)?.href ?? '').searchParams.get(name) ?? ''

  it('is given in GCJ-02, some hundred metres from WGS 84', () => {
    const [lon = 0, lat = 0] = valueOf('amap', 'to').split(',').map(Number)
    const metres = Math.hypot((lon - 106.7228) * 85_900, (lat - 39.4961) * 111_000)
    expect(metres).toBeGreaterThan(100)
    expect(metres).toBeLessThan(1000)
  })

  it('is the same place in every app, latitude first where the app wants it', () => {
    const [lon, lat, name] = valueOf('amap', 'to').split(',')
    expect(name).toBe('J-142')
    expect(valueOf('baidu', 'location')).toBe(`${lat},${lon}`)
    expect(valueOf('tencent', 'tocoord')).toBe(`${lat},${lon}`)
  })
})

describe('a caller’s other calls', () => {
  const call: CallView = {
    id: 'c1',
    kind: 'not_hot',
    contact: 'help',
    source: 'phone',
    receivedAt: '2026-01-15T20:00:00+08:00',
    enteredAt: '2026-01-15T20:00:00+08:00',
    address: '幸福里',
    callerPhone: '138 0000 0142',
    hot: false,
    firstResponder: { id: 'o', name: '热线员' },
  }
  const tickets = [aTicket({ calls: [call, { ...call, id: 'c2', receivedAt: '2026-01-15T21:00:00+08:00' }] })]

  it('are found however the number is written, newest first', () => {
    expect(earlierCalls(tickets, '13800000142').map(({ call: { id } }) => id)).toEqual(['c2', 'c1'])
  })
  it('are not guessed from half a number', () => {
    expect(earlierCalls(tickets, '1380')).toEqual([])
  })
})
