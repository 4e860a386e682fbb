import { describe, expect, it } from 'vitest'
import type { CallView } from '#contract/hotline.ts'
import { navigationLinks } from '../../web/src/model/navigation-links.ts'
import { mayWait, offersOf, stepsOf, type Waiting } from '../../web/src/model/outbox-queue.ts'
import { inState, offersIn } from '../domain/ticket/at-state.ts'
import { at, CREW } from '../domain/ticket/history.ts'
import { isLocal, localFiles } from '../../web/src/model/waiting-files.ts'
import { earlierCalls } from '../../web/src/features/hotline/earlier-calls.ts'
import { assetIdOf, assetUrl } from '../../web/src/model/asset-url.ts'
import { photoPlace } from '../../web/src/parts/fields/photo-place.ts'
import { exifAt, JPEG, segment } from '../support/pictures.ts'
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

  const ticket = aTicket({ state: 'assigned', ...offersIn(inState('assigned'), CREW) })
  const ahead = (...waiting: Waiting[]) => offersOf(ticket, waiting, at('08:10:30'))

  it('the next step follows what waits', () => {
    const next = ahead(kept({}), kept({ command: 'arrive' })).find((offer) => offer.next)
    expect(next).toMatchObject({ command: 'safety', title: { zh: '安全措施' }, onBehalf: false })
    expect(next?.fields.map(({ name }) => name)).toEqual(['measures', 'occurredAt'])
    expect(ahead(kept({ ticketId: 'another' }))).toEqual(ticket.offers)
    const done = kept({ body: { occurredAt: '2026-01-15T22:50:00+08:00' } })
    expect(stepsOf(ticket, [done])).toMatchObject([
      { command: 'depart', at: at('22:50:00') },
      { command: 'arrive', current: true },
      { current: false },
      { current: false },
      { command: 'submit', current: false },
    ])
  })

  it('what goes beside the steps stays, and nothing follows the reply', () => {
    const names = (...commands: Waiting['command'][]) =>
      ahead(...commands.map((command) => kept({ command }))).map(({ command }) => command)
    expect(names('depart')).toContain('contact')
    expect(names('contact')).toContain('depart')
    expect(names('submit')).toEqual([])
  })

  it('a refused step counts for nothing', () => {
    expect(ahead(kept({ refused: '版本已变' }))).toEqual(ticket.offers)
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

describe('photos of a crew', () => {
  it('that still lie in the phone are told apart from those that are sent', () => {
    const body = { attachmentIds: ['local:a', '01a2'], evidenceIds: ['local:b'], text: 'local:c' }
    expect(localFiles(body)).toEqual(['local:a', 'local:b'])
    expect(isLocal('01a2')).toBe(false)
  })

  it('say where they were taken, before that is left out of them', async () => {
    const told = Buffer.concat([JPEG.subarray(0, 2), segment(0xe1, exifAt(106.72, 39.5)), JPEG.subarray(2)])
    const photo = new File([told], 'a.jpg', { type: 'image/jpeg' })
    expect(await photoPlace(photo)).toEqual([106.72, 39.5])
    for (const silent of [JPEG, told.subarray(0, 40), Buffer.from('no picture')]) {
      expect(await photoPlace(new File([silent], 'b.jpg', { type: 'image/jpeg' }))).toBeUndefined()
    }
    expect(await photoPlace(new File([told], 'c.pdf', { type: 'application/pdf' }))).toBeUndefined()
  })
})

describe('the code on a well', () => {
  it('is the address of its page, and is read again', () => {
    const url = assetUrl('https://heat.example', 'j-019')
    expect(url).toBe('https://heat.example/#asset/j-019')
    expect(assetIdOf(url)).toBe('j-019')
    expect(assetIdOf(assetUrl('https://heat.example', '井 7/2'))).toBe('井 7/2')
  })
  it.each(['', 'https://heat.example/', 'https://heat.example/#ticket/1', 'j-019', '#asset/', '%E4%A'])(
    '%j is none',
    (text) => expect(assetIdOf(text)).toBeUndefined(),
  )
})
