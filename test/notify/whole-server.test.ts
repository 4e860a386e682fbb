import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SystemHealth } from '#contract/live.ts'
import type { NotificationView } from '#contract/notification.ts'
import { aWorld, type World } from '../support/world.ts'
import { aReceiver, type Receiver } from './receiver.ts'

const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`

let group: Receiver
let erp: Receiver
let world: World
let isUp = true
beforeEach(async () => {
  isUp = true
  group = await aReceiver(() => (isUp ? { body: { errcode: 0, errmsg: 'ok' } } : { status: 500 }))
  erp = await aReceiver(() => (isUp ? {} : { status: 500 }))
  world = await aWorld({
    config: {
      notify: {
        language: 'zh',
        allow: ['127.0.0.1'],
        channel: [
          { id: 'group', type: 'wecom', url: `${group.url}/send` },
          { id: 'erp', type: 'webhook', url: `${erp.url}/hook`, secret: SECRET },
        ],
      },
    },
  })
})
afterEach(async () => {
  await world.close()
  await group.close()
  await erp.close()
})

const complain = (kind: 'cover' | 'not_hot' = 'cover') =>
  world
    .as('operator')
    .post<{ ticket: { id: string; number: string } }>('/calls', {
      kind,
      contact: 'help',
      source: 'phone',
      address: '解放路 1 号',
      callerPhone: '13900000009',
      ...(kind === 'cover'
        ? { assetId: 'w1', beganUnknown: '不详', scene: '井盖移位' }
        : { contact: 'complaint' }),
      join: 'new',
    })
const texts = () => group.got.map(({ body }) => String(body.text.content))
const shown = async (query = '') =>
  (await world.as('dispatcher').get<{ items: NotificationView[] }>(`/notifications?limit=200${query}`)).items

describe('the whole server', () => {
  it('counts as set up only what reaches people', async () => {
    const { channels } = await world.as('dispatcher').get<SystemHealth>('/health')
    expect(channels).toEqual({ configured: 1, failing: 0 })
  })

  it('tells the group and the program of an emergency, and climbs to the breach', async () => {
    const { ticket } = await complain()
    await world.settle()
    expect(texts().join('\n')).toContain(`【特级】井盖破损、缺失、移位 ${ticket.number}`)
    expect(erp.got[0]?.body).toMatchObject({
      type: 'ticket.created',
      data: { ticket: { number: ticket.number } },
    })
    await world.advance({ hours: 4, seconds: 1 })
    expect(texts().some((text) => text.includes('“井盖修复”已超时'))).toBe(true)
    expect(erp.got.filter(({ body }) => body.type === 'ticket.overdue').length).toBeGreaterThan(0)
    const breach = (await shown()).filter(({ text }) => text?.zh.includes('“井盖修复”已超时') === true)
    expect(breach.map(({ rung, state }) => `${String(rung)} ${state}`).sort()).toEqual([
      'crew sent',
      'service_leader sent',
    ])
  })

  it('lets no caller’s number or name out of the house', async () => {
    await complain()
    await world.advance({ hours: 5 })
    for (const { text } of [...group.got, ...erp.got]) expect(text).not.toContain('13900000009')
  })

  it('F17 a dead robot holds no ticket; a restart forgets nothing and sends it when the robot is back', async () => {
    isUp = false
    const { ticket } = await complain()
    await world.advance({ minutes: 2 })
    expect(await world.as('dispatcher').ticket(ticket.id)).toMatchObject({ state: 'dispatched' })
    await world.as('officer-network-ops').does(ticket.id, 'accept')
    await world.restart()
    isUp = true
    await world.advance({ hours: 2 })
    const early = (await shown()).filter(({ text }) => text?.zh.includes('10 分钟内接单') === true)
    expect(early.length).toBeGreaterThan(0)
    expect(new Set(early.map(({ state }) => state))).toEqual(new Set(['sent']))
    const ids = erp.got.map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids).size).toBeLessThan(ids.length)
  })

  it('counts sendings and failures by channel', async () => {
    isUp = false
    await complain()
    await world.settle()
    isUp = true
    await world.advance({ hours: 1 })
    const metrics = await (await fetch(`${world.url()}/metrics`)).text()
    expect(metrics).toMatch(/^wellwatch_notify_failures_total\{channel="group"\} [1-9]/m)
    expect(metrics).toMatch(/^wellwatch_notify_sent_total\{channel="erp"\} [1-9]/m)
  })
})
