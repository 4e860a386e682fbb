import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maskAnyNumber, maskDeep, maskNumbers } from '../../server/domain/access/mask-text.ts'
import { withoutNumbers } from '../../server/domain/hotline/external-news.ts'
import type { EventOf } from '../../server/domain/ticket/event.ts'
import { foldTicket } from '../../server/domain/ticket/evolve.ts'
import { createAuditStore } from '../../server/store/sql/audit-store.ts'
import { openDatabase, type Database } from '../../server/store/sql/database.ts'
import { createDecisionStore } from '../../server/store/sql/decision-store.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { aWorld, type World } from '../support/world.ts'

const FIRST = '13812345678'
const SECOND = '13987654321'
const ENTRY = {
  number: 'TX-77',
  kind: 'not_hot',
  contact: 'help',
  address: '新华街 3 号',
  callerName: '李女士',
  callerPhone: FIRST,
  assetId: 's1',
  description: `不热,请回电 ${FIRST}`,
}
const EVERYBODY = ['wall', 'engineer', 'officer-area-2', 'crew-area-2', 'officer-network-ops'] as const

let world: World
let ticketId: string
beforeAll(async () => {
  world = await aWorld()
  const sent = await world.as('operator').post<{ taken: { ticketId: string }[] }>('/calls/external', ENTRY)
  ticketId = sent.taken[0]?.ticketId ?? ''
})
afterAll(() => world.close())

async function stored(look: (db: Database) => Promise<void>): Promise<void> {
  const db = openDatabase(join(world.dir, 'wellwatch.sqlite'))
  await look(db).finally(() => db.destroy())
}
const asText = async (who: string, path: string) => JSON.stringify(await world.as(who).get(path))

describe('the number of a caller', () => {
  it('of an entry that the other call centre has changed is in no event, and the news are on the call', async () => {
    const changed = { ...ENTRY, callerPhone: SECOND, description: `改打 ${SECOND}` }
    await world.as('operator').post('/calls/external', changed)
    const ticket = await world.as('operator').ticket(ticketId)
    const notes = ticket.events.filter(({ type }) => type === 'note')
    expect(notes.map(({ data }) => data['text'])).toEqual(['外部工单 TX-77 已更新:联系电话、内容'])
    expect(ticket.calls).toMatchObject([
      { callerPhone: SECOND, description: `不热,请回电 ${FIRST}\n改打 ${SECOND}` },
    ])
    await stored(async (db) => {
      const events = await db.selectFrom('ticket_event').select('json').execute()
      expect(JSON.stringify(events)).not.toMatch(/13812345678|13987654321/)
    })
  })

  it('is whole for the desks alone, whatever door it is read by and wherever it was typed', async () => {
    await world.as('operator').does(ticketId, 'note', { text: `住户 ${FIRST} 再次来电,座机 0473-3231885` })
    const past = new Date(world.now()).toISOString()
    const doors = [
      `/tickets/${ticketId}`,
      `/tickets/${ticketId}?at=${past}`,
      '/tickets',
      `/board?at=${past}`,
      '/incidents',
    ]
    for (const door of doors) {
      for (const who of EVERYBODY) {
        const text = await asText(who, door)
        expect([who, door, /13812345678|13987654321|3231885|李女士/.exec(text)?.[0]]).toEqual([
          who,
          door,
          undefined,
        ])
      }
    }
    expect(await asText('operator', doors[0] ?? '')).toContain(SECOND)
    const screen = await world.live('engineer')
    expect(JSON.stringify(await screen.next('snapshot'))).not.toMatch(/13812345678|13987654321|李女士/)
  })

  it('is not shown to who held the ticket at an earlier instant and holds it no longer', async () => {
    const taken = await world
      .as('operator')
      .post<Taken>('/calls', aCall({ kind: 'not_hot', contact: 'help', assetId: 's1', address: 's1 小区' }))
    const { id } = taken.ticket
    const desk = world.as('dispatcher')
    await desk.does(id, 'dispatch', { departmentId: 'area-2', channel: 'system' })
    const then = new Date(world.now()).toISOString()
    await world.advance({ minutes: 1 })
    expect(await asText('officer-area-2', `/tickets/${id}`)).toContain(FIRST)
    await world.as('officer-area-2').does(id, 'reject', { reason: '不属本区' })
    await desk.does(id, 'dispatch', { departmentId: 'area-1', channel: 'system', reason: '改派' })
    for (const path of [`/tickets/${id}`, `/tickets/${id}?at=${then}`, `/board?at=${then}`]) {
      expect([path, (await asText('officer-area-2', path)).includes(FIRST)]).toEqual([path, false])
    }
    // Who holds it now may look back as well.
    expect(await asText('officer-area-1', `/tickets/${id}?at=${then}`)).toContain(FIRST)
  })

  it('that was written into an event before is masked on reading, and the chain still holds', async () => {
    await world.restart(async () => {
      await stored(async (db) => {
        const { transact } = createDecisionStore(db)
        await transact(async ({ tickets }) => {
          const known = await tickets.load(ticketId)
          if (known === undefined) throw new Error('the ticket is gone')
          const at = known.events.at(-1)?.enteredAt ?? 0
          const note: EventOf<'note'> = {
            id: 'old-note',
            type: 'note',
            occurredAt: at,
            enteredAt: at,
            actor: { kind: 'person', id: 'operator', name: '热线员', roles: ['operator'] },
            data: { text: `外部工单 TX-77 已更新:新华街 3 号;${FIRST};阀门漏水` },
          }
          const events = [...known.events, note]
          const after = { ticket: foldTicket(ticketId, events), events }
          await tickets.append(known.events.length, after, undefined)
          return after
        })
      })
    })
    for (const who of ['operator', 'wall']) {
      const { events } = await world.as(who).ticket(ticketId)
      expect(events.find(({ id }) => id === 'old-note')?.data['text']).toBe(
        '外部工单 TX-77 已更新:新华街 3 号;****;阀门漏水',
      )
    }
    await stored(async (db) => {
      expect((await createAuditStore(db).verify()).events).not.toHaveProperty('brokenAt')
    })
  })

  it('is forgotten after a year with all that was typed, and does not come back', async () => {
    const consult = { ...ENTRY, number: 'TX-78', kind: 'consult', contact: 'consult' }
    const sent = await world
      .as('operator')
      .post<{ taken: { ticketId: string }[] }>('/calls/external', consult)
    const id = sent.taken[0]?.ticketId ?? ''
    await world.as('operator').does(id, 'answer', { text: `已回电 ${FIRST}` })
    await world.advance({ hours: 24 * 366 })
    await world.as('operator').post('/calls/external', { ...consult, callerPhone: SECOND })
    const seen = await world.as('operator').ticket(id)
    expect(seen.calls).toMatchObject([{ callerPhone: '' }])
    expect(JSON.stringify(seen)).not.toMatch(/13812345678|13987654321|李女士/)
    await stored(async (db) => {
      const call = await db.selectFrom('call').select('json').where('ticket_id', '=', id).execute()
      expect(JSON.stringify(call)).not.toMatch(/13812345678|13987654321|李女士/)
    })
  })
})

it('an answer that is kept for a request sent again goes after a day or two, though nobody sends another', async () => {
  const kept = async (): Promise<string> => {
    let rows: unknown
    await stored(async (db) => {
      rows = await db.selectFrom('idempotency_key').selectAll().execute()
    })
    return JSON.stringify(rows)
  }
  const body = {
    kind: 'cover',
    contact: 'help',
    address: '幸福路',
    callerPhone: '13700000007',
    beganUnknown: '不清楚',
  }
  const headers = { 'idempotency-key': 'call-7' }
  const { status } = await world.as('operator').ask('POST', '/calls', { ...body, scene: '井盖没了' }, headers)
  expect(status).toBe(201)
  expect(await kept()).toContain('13700000007')
  await world.advance({ hours: 49 })
  expect(await kept()).toBe('[]')
})

describe('a number in words', () => {
  it.each([
    ['请回电13812345678', '请回电138****5678'],
    ['tel:+86 138 1234 5678', 'tel:138****5678'],
    ['座机 0473-3231885', '座机 047****1885'],
    ['工单 RW20260115-0001,井号 W13812345678', '工单 RW20260115-0001,井号 W13812345678'],
    ['供水 1381234567890 立方', '供水 1381234567890 立方'],
  ])('%s is shown as %s', (text, masked) => expect(maskNumbers(text)).toBe(masked))

  it('is masked however deep it lies, and ids and instants stay', () => {
    const view = { id: FIRST, at: 1, data: { crewIds: [FIRST], text: [FIRST] } }
    expect(maskDeep(view)).toEqual({ id: FIRST, at: 1, data: { crewIds: [FIRST], text: ['138****5678'] } })
  })

  it('of an old note goes in every writing', () => {
    for (const number of ['138-1234-5678', '(0473) 323 1885', '12345', '+86 138.1234.5678']) {
      expect(withoutNumbers(`外部工单 1 已更新:西街 3 号;${number};漏`)).toMatch(
        /^外部工单 1 已更新:西街 3 号;[+(]*\*{4};漏$/,
      )
      expect(maskAnyNumber(number)).not.toMatch(/\d/)
    }
    expect(withoutNumbers(`手记 ${FIRST}`)).toBe(`手记 ${FIRST}`)
  })
})
