import { expect, it, onTestFinished } from 'vitest'
import type { CommandName } from '#contract/commands/commands.ts'
import type { TicketView } from '#contract/ticket.ts'
import { CHINA_DAYS } from '../../server/domain/policy/china-days.ts'
import type { PolicyPack } from '../../server/domain/policy/policy-pack.ts'
import { TIANJIN } from '../../server/domain/policy/tianjin.ts'
import { WUDA } from '../../server/domain/policy/wuda.ts'
import { showOpen } from '../../server/flows/decisions/show-tickets.ts'
import { censor } from '../../server/domain/ticket/ticket-for.ts'
import { PEOPLE } from '../support/desk-world.ts'
import { aDeskApp, type DeskApp } from './desk-app.ts'

type Who = keyof typeof PEOPLE
type Offered = TicketView & Required<Pick<TicketView, 'offers'>>

async function desk(policy: PolicyPack = WUDA) {
  const app = await aDeskApp('22:50:00', { rules: { policy, calendar: CHINA_DAYS } })
  onTestFinished(() => app.close())
  return app
}

async function opened(app: DeskApp, kind = 'well_vent'): Promise<Offered> {
  const call = {
    kind,
    contact: 'help',
    source: 'phone',
    address: '迎宾路 1 号',
    assetId: 'W1',
    callerPhone: '13812341234',
    beganUnknown: '路过看见',
    scene: '冒汽',
  }
  const { body } = await app.as('operator', 'POST /calls', call)
  return body.ticket as Offered
}

async function seen(app: DeskApp, who: Who, id: string): Promise<Offered> {
  return (await app.as(who, `GET /tickets/${id}`)).body as Offered
}
const names = ({ offers }: Offered) => offers.map(({ command }) => command)

async function give(app: DeskApp, who: Who, id: string, body: { command: CommandName }) {
  const { version } = await seen(app, who, id)
  return app.as(who, `POST /tickets/${id}/commands`, { version, ...body })
}

it('a ticket tells each person what they may do with it now, the next step first', async () => {
  const app = await desk()
  const { id } = await opened(app)
  const officer = await seen(app, 'officer', id)
  expect(officer.offers[0]).toMatchObject({
    command: 'accept',
    title: { zh: '接单', en: 'Accept' },
    onBehalf: false,
    next: true,
  })
  expect(officer.offers.find(({ command }) => command === 'reject')).toMatchObject({
    until: '2026-01-15T23:00:00+08:00',
    fields: [{ name: 'reason', type: 'text', required: true }],
  })
  expect((await seen(app, 'dispatcher', id)).offers).toMatchObject(
    expect.arrayContaining([expect.objectContaining({ command: 'accept', onBehalf: true })]),
  )
  for (const who of ['wall', 'otherOfficer', 'engineer'] as const) {
    expect(names(await seen(app, who, id))).toEqual([])
  }
})

it('the answer to a command, a list and the live feed offer to whoever receives them', async () => {
  const app = await desk()
  const { id, offers } = await opened(app)
  expect(offers.map(({ command }) => command)).toEqual(['remind', 'note'])
  const { body } = await give(app, 'officer', id, { command: 'accept' })
  expect(body.offers[0]).toMatchObject({ command: 'assign', next: true })
  const { items } = (await app.as('officer', 'GET /tickets?state=open')).body
  expect(items[0].offers).toEqual(body.offers)
  const told = app.world.published.findLast(({ event }) => event === 'ticket')
  const live = censor('ticket', told?.data, PEOPLE.officer) as TicketView
  expect(live.offers).toEqual(body.offers)
  expect((censor('ticket', told?.data, PEOPLE.wall) as TicketView).offers).toEqual([])
})

it('a screen opens with what waits for its person, and asks for the rest', async () => {
  const app = await desk()
  const { id } = await opened(app)
  const onBoard = async (who: Who) => (await showOpen(app.world.services, PEOPLE[who])).tickets[0]
  expect((await onBoard('officer'))?.offers).toEqual((await seen(app, 'officer', id)).offers)
  const crew = await seen(app, 'crew', id)
  expect(await onBoard('crew')).toMatchObject({ offers: crew.offers, course: crew.course })
  expect((await onBoard('wall'))?.offers).toEqual([])
  expect(names(await seen(app, 'dispatcher', id))).toContain('remind')
  expect(await onBoard('dispatcher')).not.toHaveProperty('offers')
})

it('of the past nothing is offered', async () => {
  const app = await desk()
  const { id } = await opened(app)
  const { body } = await app.as('officer', `GET /tickets/${id}?at=2026-01-15T22:50:00%2B08:00`)
  expect(body.offers).toEqual([])
})

it('a crew has the steps of its work in their order, with what each asks for', async () => {
  const app = await desk()
  const { id } = await opened(app)
  const { course } = await seen(app, 'crew', id)
  expect(course?.map(({ command }) => command)).toEqual(['depart', 'arrive', 'safety', 'repair', 'submit'])
  expect(
    course?.find(({ command }) => command === 'submit')?.fields.find(({ name }) => name === 'outcome'),
  ).toMatchObject({ choices: [{ value: 'done' }] })
  expect((await seen(app, 'dispatcher', id)).course).toBeUndefined()
})

it.each([
  ['wuda', WUDA, true],
  ['tianjin', TIANJIN, false],
] as const)(
  'an extension of a venting well is offered to dispatch as the pack of %s says',
  async (_, pack, isOffered) => {
    const app = await desk(pack)
    const { id } = await opened(app)
    await give(app, 'officer', id, { command: 'accept' })
    expect(names(await seen(app, 'officer', id))).not.toContain('request_extension')
    expect(names(await seen(app, 'dispatcher', id)).includes('request_extension')).toBe(isOffered)
    const asked = {
      command: 'request_extension',
      reason: '等配件',
      dueAt: '2026-01-19T22:00:00+08:00',
    } as const
    const { status, body } = await give(app, 'dispatcher', id, asked)
    expect([status, body.code]).toEqual([422, isOffered ? 'bad-value' : 'guard-refused'])
  },
)

it('the clauses of a form are those of the pack in force', async () => {
  const clauses = { ...WUDA.clauses, on_site: '第九条', phone_order: '第十条' }
  const app = await desk({ ...WUDA, clauses })
  const { id } = await opened(app)
  const { course } = await seen(app, 'crew', id)
  const arrive = course?.find(({ command }) => command === 'arrive')
  expect(arrive?.fields.find(({ name }) => name === 'scene')?.clause).toBe('第九条')
  const dispatch = (await seen(app, 'dispatcher', id)).offers.find(({ command }) => command === 'dispatch')
  expect(dispatch?.fields.find(({ name }) => name === 'callee')).toMatchObject({
    clause: '第十条',
    when: { field: 'channel', is: ['phone'] },
  })
})
