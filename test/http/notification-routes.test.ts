import { afterEach, describe, expect, it } from 'vitest'
import { createHttp } from '../../server/http/core/http.ts'
import { notificationRoutes } from '../../server/http/operation/notification-routes.ts'
import { aNotification, aReceiver } from '../notify/receiver.ts'
import { PEOPLE } from '../support/desk-world.ts'
import { anOutboxWorld } from '../support/outbox-world.ts'
import { silentLog } from '../support/silent-log.ts'

const START = 1_768_485_000_000
const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

/** One message that a refusing robot could not take for three days. */
async function aDeadLetter() {
  const receiver = await aReceiver(() => ({ body: { errcode: 93000, errmsg: 'invalid webhook url' } }))
  const channels = [{ id: 'group', type: 'wecom' as const, url: `${receiver.url}/send?key=canary` }]
  const ask = await anOutbox(channels)
  open.unshift(receiver)
  return ask
}

/** One message, and three days for it. */
async function anOutbox(channels: Parameters<typeof anOutboxWorld>[0]['channels']) {
  const world = await anOutboxWorld({ channels, start: START })
  await world.add(aNotification('m1', { dueAt: START }))
  await world.advance(3 * 86_400_000)
  const http = await createHttp({
    log: silentLog,
    identify: async (token) => Object.entries(PEOPLE).find(([name]) => name === token)?.[1],
  })
  await http.register(notificationRoutes(world.notifying.outbox))
  open.push(world, http)
  return async (who: string, what: `${'GET' | 'POST'} ${string}`) => {
    const [method, path] = what.split(' ') as ['GET' | 'POST', string]
    const headers = { authorization: `Bearer ${who}` }
    const response = await http.inject({ method, url: `/api/v1${path}`, headers })
    return { status: response.statusCode, body: response.json(), text: response.body }
  }
}

describe('GET /notifications', () => {
  it('shows a dead letter with whom it was for, why, and how its channel stands', async () => {
    const ask = await aDeadLetter()
    const { status, body, text } = await ask('dispatcher', 'GET /notifications?state=dead')
    expect(status).toBe(200)
    expect(body.items).toMatchObject([
      {
        id: 'm1',
        state: 'dead',
        channel: 'group',
        rung: 'crew',
        people: ['值班员'],
        failures: 9,
        canRetry: true,
        why: 'group: 93000 invalid webhook url',
        reason: { clause: '第八条3(7)' },
      },
    ])
    expect(body.counts).toEqual({ waiting: 0, sent: 0, dead: 1, withheld: 0 })
    expect(body.channels).toMatchObject([{ id: 'group', type: 'wecom', ok: false }])
    expect(text).not.toMatch(/canary|13800000001/)
    expect((await ask('dispatcher', 'GET /notifications?state=sent')).body.items).toEqual([])
  })

  it('is for dispatchers, engineers and administrators', async () => {
    const ask = await aDeadLetter()
    for (const who of ['admin', 'engineer']) expect((await ask(who, 'GET /notifications')).status).toBe(200)
    for (const who of ['operator', 'crew', 'officer', 'wall']) {
      expect((await ask(who, 'GET /notifications')).status).toBe(403)
      expect((await ask(who, 'POST /notifications/m1/retry')).status).toBe(403)
    }
    expect((await ask('nobody', 'GET /notifications')).status).toBe(401)
    expect((await ask('admin', 'GET /notifications?state=lost')).status).toBe(400)
  })
})

describe('POST /notifications/{id}/retry', () => {
  it('sends it anew, once; what is on its way or unknown is refused', async () => {
    const ask = await aDeadLetter()
    const { status, body } = await ask('dispatcher', 'POST /notifications/m1/retry')
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: 'm1', state: 'waiting', failures: 0 })
    expect((await ask('dispatcher', 'POST /notifications/m1/retry')).status).toBe(409)
    expect((await ask('dispatcher', 'POST /notifications/none/retry')).status).toBe(404)
  })

  it('is neither offered nor done where there is no channel for it', async () => {
    const ask = await anOutbox([])
    const { body } = await ask('dispatcher', 'GET /notifications?state=withheld')
    expect(body.items).toMatchObject([{ id: 'm1', state: 'withheld', canRetry: false }])
    const refused = await ask('dispatcher', 'POST /notifications/m1/retry')
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({ detail: '没有为此配置通知通道' })
  })
})
