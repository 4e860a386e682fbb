import { afterEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../server/domain/instant.ts'
import type { Notification, WebhookEvent } from '../../../server/domain/notification/notification.ts'
import { isRefusal } from '#contract/problem.ts'
import { anOutboxWorld, type OutboxWorld } from '../../support/outbox-world.ts'
import { aNotification, aReceiver, type Receiver, type Reply } from '../../notify/receiver.ts'

const START = 1_768_485_000_000
const OK: Reply = { body: { errcode: 0, errmsg: 'ok' } }
const NO: Reply = { body: { errcode: 93000, errmsg: 'invalid webhook url' } }
const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

async function receiver(reply: (nth: number) => Reply): Promise<Receiver> {
  const made = await aReceiver((_received, nth) => reply(nth))
  open.push(made)
  return made
}
const wecom = (id: string, { url }: { readonly url: string }) => ({
  id,
  type: 'wecom' as const,
  url: `${url}/send`,
})
const dingtalk = (id: string, { url }: Receiver) => ({ id, type: 'dingtalk' as const, url: `${url}/send` })
const hook = (id: string, { url }: Receiver) => ({
  id,
  type: 'webhook' as const,
  url: `${url}/hook`,
  secret: SECRET,
})

async function world(options: Omit<Parameters<typeof anOutboxWorld>[0], 'start'>): Promise<OutboxWorld> {
  const made = await anOutboxWorld({ ...options, start: START })
  open.push(made)
  return made
}
const told = (id: string, more: Partial<Notification> = {}) => aNotification(id, { dueAt: START, ...more })
const event = (id: string, more: Partial<WebhookEvent> = {}): WebhookEvent => ({
  id,
  audience: 'programs',
  ticketId: 't1',
  number: 'n',
  channel: 'erp',
  dueAt: START,
  exercise: false,
  body: { type: 'ticket.overdue', timestamp: 'x', data: {} },
  ...more,
})

describe('delivery', () => {
  it('sends what is due, once, and names the people on duty', async () => {
    const group = await receiver(() => OK)
    const { add, advance, entry } = await world({ channels: [wecom('group', group)] })
    await add(told('m1'), told('later', { dueAt: START + 10 * MINUTE }))
    expect(await advance(MINUTE)).toEqual([START])
    expect(group.got).toHaveLength(1)
    expect(await entry('m1')).toMatchObject({
      state: 'sent',
      channel: 'group',
      reached: { people: [{ id: 'crew' }] },
    })
    expect(await advance(HOUR)).toEqual([START + 10 * MINUTE])
    expect(group.got).toHaveLength(2)
  })

  it('is due at once on the next channel, although the clock goes on between two looks', async () => {
    const [broken, works] = [await receiver(() => NO), await receiver(() => OK)]
    const channels = [wecom('broken', broken), wecom('works', works)]
    const { add, now, notifying } = await world({ channels, lookMs: 1 })
    await add(told('m1'))
    for (const channel of [broken, works]) {
      const looked = now()
      expect(await notifying.delivery.nextDue()).toBeLessThanOrEqual(looked)
      await notifying.delivery.run(looked)
      expect(channel.got).toHaveLength(1)
    }
  })

  it('the same event planned twice is one message', async () => {
    const group = await receiver(() => OK)
    const { add, advance } = await world({ channels: [wecom('group', group)] })
    await add(told('m1'))
    await add(told('m1'))
    await advance(MINUTE)
    expect(group.got).toHaveLength(1)
  })

  it('with nobody on duty it reaches the next rung that somebody holds', async () => {
    const group = await receiver(() => OK)
    const lead = { id: 'lead', name: '值班长' }
    const { add, advance, entry } = await world({
      channels: [wecom('group', group)],
      onDuty: (department, rung) => (rung === 'duty_lead' && department === 'dispatch' ? [lead] : []),
    })
    await add(told('m1'))
    await advance(SECOND)
    expect(await entry('m1')).toMatchObject({ reached: { rung: 'duty_lead', people: [lead] } })
  })

  it('a job goes to the crew that the ticket names, on duty or not', async () => {
    const group = await receiver(() => OK)
    const { add, advance, entry } = await world({ channels: [wecom('group', group)], onDuty: () => [] })
    await add(told('m1', { to: { rung: 'crew', departmentId: 'network-ops', personIds: ['crew'] } }))
    await advance(SECOND)
    expect(await entry('m1')).toMatchObject({ reached: { rung: 'crew', people: [{ phone: '13800000001' }] } })
  })

  it('a drill, and what no channel takes, is withheld and says why', async () => {
    const group = await receiver(() => OK)
    const channels = [{ ...wecom('group', group), levels: ['special' as const] }, hook('erp', group)]
    const { add, advance, entry } = await world({ channels })
    await add(told('drill', { exercise: true }), event('drill-hook', { exercise: true }))
    await add(told('third', { level: 'third' }))
    await advance(SECOND)
    expect(group.got).toEqual([])
    expect(await entry('drill')).toMatchObject({ state: 'withheld', why: '演练:不对外发送' })
    expect(await entry('drill-hook')).toMatchObject({ state: 'withheld' })
    expect(await entry('third')).toMatchObject({
      state: 'withheld',
      why: '没有为此配置通知通道',
      whyEn: 'no channel is configured for this',
    })
  })
})

describe('F17 failures', () => {
  it('are retried after 5 s with the same id, until the receiver says yes', async () => {
    const erp = await receiver((nth) => ({ status: nth < 3 ? 500 : 200 }))
    const { add, advance, entry } = await world({ channels: [hook('erp', erp)] })
    await add(event('e1.hook.erp'))
    expect(await advance(MINUTE)).toEqual([START, START + 5 * SECOND, START + 35 * SECOND])
    expect(erp.got.map(({ headers }) => headers['webhook-id'])).toEqual(Array(3).fill('e1.hook.erp'))
    expect(await entry('e1.hook.erp')).toMatchObject({ state: 'sent', failures: 2 })
  })

  it('move on to the next channel, and the failing one holds nothing up', async () => {
    const broken = await receiver(() => ({ body: { errcode: 310000, errmsg: 'sign not match' } }))
    const good = await receiver(() => OK)
    const { add, advance, entry } = await world({
      channels: [dingtalk('ding', broken), wecom('group', good)],
    })
    await add(told('m1'))
    expect(await advance(SECOND)).toEqual([START])
    expect(await entry('m1')).toMatchObject({
      state: 'sent',
      channel: 'group',
      why: 'ding: 310000 sign not match',
    })
  })

  it('a robot that blocks for ten minutes is left alone for them, and its messages take another way', async () => {
    const busy = await receiver(() => ({ body: { errcode: 130101, errmsg: 'send too fast' } }))
    const good = await receiver(() => OK)
    const { add, advance, states } = await world({ channels: [dingtalk('ding', busy), wecom('group', good)] })
    await add(told('m1'), told('m2'), told('m3'))
    await advance(MINUTE)
    expect(busy.got).toHaveLength(1)
    expect(await states()).toEqual({ m1: 'sent', m2: 'sent', m3: 'sent' })
    await add(told('m4', { dueAt: START + MINUTE }))
    await advance(MINUTE)
    expect(busy.got).toHaveLength(1)
    expect(await states()).toMatchObject({ m4: 'sent' })
  })

  it('alone, a blocked robot gets everything as soon as it takes messages again', async () => {
    const ding = await receiver((nth) =>
      nth === 1 ? { body: { errcode: 130101, errmsg: 'send too fast' } } : OK,
    )
    const { add, advance, states } = await world({ channels: [dingtalk('ding', ding)] })
    await add(told('m1'), told('m2'))
    await advance(9 * MINUTE)
    expect(ding.got).toHaveLength(1)
    expect(await advance(2 * MINUTE)).toEqual([START + 10 * MINUTE])
    expect(await states()).toEqual({ m1: 'sent', m2: 'sent' })
  })

  it('a channel that is down is told once on every screen, and its return too', async () => {
    let isUp = false
    const group = await receiver(() => (isUp ? OK : { status: 503 }))
    const { add, advance, alarms } = await world({ channels: [wecom('group', group)] })
    await add(told('m1'))
    await advance(10 * MINUTE)
    expect(alarms).toEqual(['notification channel group does not work: HTTP 503'])
    isUp = true
    await advance(HOUR)
    expect(alarms[1]).toBe('notification channel group works again')
  })

  it('a flood becomes digests: never more than 18 in a minute, and every one is told', async () => {
    const ding = await receiver(() => OK)
    const { add, advance, states } = await world({ channels: [dingtalk('ding', ding)] })
    const flood = [...Array(150).keys()].map((index) => told(`m${String(index)}`, { urgency: 'soon' }))
    await add(...flood)
    await advance(MINUTE)
    expect(ding.got.length).toBeLessThanOrEqual(18)
    await advance(5 * MINUTE)
    expect(new Set(Object.values(await states()))).toEqual(new Set(['sent']))
    const text = ding.got.map(({ body }) => body.text.content).join('\n')
    for (const { text: said } of flood) expect(text).toContain(said.zh)
  })

  it('410 switches a webhook off; what waits for it is dead until a person has it tried again', async () => {
    let isGone = true
    const erp = await receiver(() => ({ status: isGone ? 410 : 200 }))
    const { add, advance, states, notifying } = await world({ channels: [hook('erp', erp)] })
    await add(event('e1'), event('e2'))
    await advance(DAY)
    expect(erp.got).toHaveLength(1)
    expect(await states()).toEqual({ e1: 'dead', e2: 'dead' })
    expect(notifying.outbox.channels()).toMatchObject([{ id: 'erp', ok: false, why: 'HTTP 410' }])
    isGone = false
    await notifying.outbox.retry('e1')
    await advance(SECOND)
    expect(await states()).toEqual({ e1: 'sent', e2: 'dead' })
  })

  it('after its last round it is dead, alarms, and can be sent again', async () => {
    let isUp = false
    const group = await receiver(() => (isUp ? OK : { status: 500 }))
    const { add, advance, states, alarms, notifying } = await world({ channels: [wecom('group', group)] })
    await add(told('m1'))
    await advance(3 * DAY)
    expect(await states()).toEqual({ m1: 'dead' })
    expect(group.got).toHaveLength(9)
    expect(alarms).toContain('a notification of GW-20260115-001 could not be delivered')
    isUp = true
    const again = await notifying.outbox.retry('m1')
    expect(isRefusal(again)).toBe(false)
    await advance(SECOND)
    expect(await states()).toEqual({ m1: 'sent' })
    expect(await notifying.outbox.retry('m1')).toMatchObject({ code: 'conflict' })
    expect(await notifying.outbox.retry('none')).toMatchObject({ code: 'not-found' })
  })

  it('a slow channel delays neither another one nor whoever waits for the schedule', async () => {
    const slow = await receiver(() => ({ silent: true }))
    const quick = await receiver(() => OK)
    const channels = [
      { ...wecom('slow', slow), departments: ['area-1'] },
      { ...wecom('quick', quick), departments: ['network-ops'] },
    ]
    const { add, notifying } = await world({ channels, waits: false })
    await add(told('stuck', { to: { rung: 'crew', departmentId: 'area-1' } }), told('free'))
    const begun = performance.now()
    await notifying.delivery.run(START)
    expect(performance.now() - begun).toBeLessThan(5000)
    await expect.poll(() => quick.got.length).toBe(1)
    await expect.poll(() => slow.got.length).toBe(1)
    // The lane is busy: nothing is due again until it is free, so nothing spins.
    await expect.poll(() => notifying.delivery.nextDue()).toBeUndefined()
  })
})

describe('a restart', () => {
  it('forgets nothing: what waits is sent, the bucket is as empty as it was', async () => {
    const ding = await receiver(() => OK)
    const made = await world({ channels: [dingtalk('ding', ding)] })
    await made.add(...[...Array(6).keys()].map((index) => told(`m${String(index)}`)))
    await made.advance(0)
    expect(ding.got).toHaveLength(6)
    await made.add(told('after'))
    await made.restart()
    await made.advance(4 * SECOND)
    expect(ding.got).toHaveLength(6)
    await made.advance(2 * SECOND)
    expect(ding.got).toHaveLength(7)
  })

  it('with other channels sends what waited for a removed one by what there is now', async () => {
    const gone = await receiver(() => ({ status: 500 }))
    const good = await receiver(() => OK)
    const made = await world({ channels: [wecom('old', gone), hook('erp', gone)] })
    await made.add(told('m1'), event('e1'))
    await made.advance(SECOND)
    await made.restart([wecom('new', good)])
    await made.advance(MINUTE)
    expect(await made.entry('m1')).toMatchObject({ state: 'sent', channel: 'new' })
    expect(await made.entry('e1')).toMatchObject({ state: 'withheld', why: '通道 erp 已不存在' })
  })

  it('forgets what was sent a month ago, and nothing that is dead', async () => {
    const group = await receiver((nth) => (nth === 1 ? OK : { status: 500 }))
    const made = await world({ channels: [wecom('group', group)] })
    await made.add(told('m1'))
    await made.advance(MINUTE)
    await made.add(told('m2', { dueAt: START + MINUTE }))
    await made.advance(32 * DAY)
    await made.add(told('m3', { dueAt: made.now() }))
    await made.advance(SECOND)
    expect(Object.keys(await made.states()).sort()).toEqual(['m2', 'm3'])
    expect(await made.states()).toMatchObject({ m2: 'dead' })
  })
})
