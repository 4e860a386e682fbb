import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import type { WebhookEvent } from '../../server/domain/notification/notification.ts'
import { createChannels } from '../../server/notify/create-channels.ts'
import type { ChannelSettings } from '../../server/notify/settings.ts'
import { signWebhook } from '../../server/notify/sign-webhook.ts'
import { aMessage, aReceiver, soon, type Received, type Receiver, type Reply } from './receiver.ts'

const KEY = Buffer.alloc(24, 7)
const SECRET = `whsec_${KEY.toString('base64')}`
const OLD = `whsec_${Buffer.alloc(24, 9).toString('base64')}`
const SENT_AT = 1_768_485_012_345
const EVENT: WebhookEvent = {
  id: 'e7.hook.erp',
  audience: 'programs',
  ticketId: 't1',
  number: 'n',
  channel: 'erp',
  dueAt: 0,
  body: { type: 'ticket.overdue', timestamp: '2026-01-15T21:50:12+08:00', data: { clock: 'repair_cover' } },
  exercise: false,
}

let receiver: Receiver | undefined
afterEach(async () => {
  await receiver?.close()
  receiver = undefined
})

async function hook(reply: Reply, more: Partial<ChannelSettings> = {}) {
  receiver = await aReceiver(() => reply)
  const base = { id: 'erp', type: 'webhook', url: `${receiver.url}/hook`, secret: SECRET } as const
  const settings = {
    language: 'zh' as const,
    allow: ['127.0.0.0/8'],
    channel: [{ ...base, ...more } as ChannelSettings],
  }
  const [channel] = createChannels(settings, () => SENT_AT)
  if (channel === undefined) throw new Error('no channel')
  return { channel, got: receiver.got }
}

async function outcomeOf(reply: Reply) {
  const { channel } = await hook(reply)
  if (channel.audience !== 'programs') throw new Error('no webhook')
  const outcome = await channel.send(EVENT, soon())
  await receiver?.close()
  receiver = undefined
  return outcome
}

/** What a receiver does (Standard Webhooks): over the raw bytes, with each signature that it finds. */
function isGenuine({ headers, text }: Received, key: Buffer): boolean {
  const [id, timestamp] = [headers['webhook-id'], headers['webhook-timestamp']]
  const expected = createHmac('sha256', key)
    .update(`${String(id)}.${String(timestamp)}.${text}`)
    .digest('base64')
  return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`)
}

describe('a webhook', () => {
  it('is signed over id, time and raw body', async () => {
    const { channel, got } = await hook({ status: 204, body: '' })
    if (channel.audience !== 'programs') throw new Error('no webhook')
    expect(await channel.send(EVENT, soon())).toEqual({ kind: 'sent' })
    const [received] = got
    if (received === undefined) throw new Error('nothing came')
    expect(received.headers).toMatchObject({ 'webhook-id': EVENT.id, 'webhook-timestamp': '1768485012' })
    expect(received.body).toEqual(EVENT.body)
    expect(isGenuine(received, KEY)).toBe(true)
    expect(isGenuine({ ...received, text: received.text.replace('repair_cover', 'repair_vent') }, KEY)).toBe(
      false,
    )
  })

  it('matches the reference vector of the specification', () => {
    const signed = signWebhook(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      body: '{"test": 2432232314}',
      sentAt: 1_614_265_330_000,
    })
    expect(signed['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it('carries both signatures while the secret is being changed', async () => {
    const { channel, got } = await hook({}, { previousSecret: OLD } as Partial<ChannelSettings>)
    if (channel.audience !== 'programs') throw new Error('no webhook')
    await channel.send(EVENT, soon())
    const [received] = got
    if (received === undefined) throw new Error('nothing came')
    expect(isGenuine(received, KEY) && isGenuine(received, Buffer.alloc(24, 9))).toBe(true)
  })

  it('takes 2xx alone for a success, 410 for a goodbye, and follows no redirect', async () => {
    expect(await outcomeOf({ status: 202 })).toEqual({ kind: 'sent' })
    expect(await outcomeOf({ status: 410 })).toMatchObject({ kind: 'gone' })
    expect(await outcomeOf({ status: 500 })).toMatchObject({ kind: 'failed' })
    expect(await outcomeOf({ status: 404 })).toMatchObject({ kind: 'refused' })
    const aside = { location: 'http://169.254.169.254/latest/meta-data' }
    expect(await outcomeOf({ status: 302, headers: aside })).toEqual({ kind: 'refused', why: 'HTTP 302' })
    const busy = { status: 429, headers: { 'retry-after': '30' } }
    expect(await outcomeOf(busy)).toMatchObject({ kind: 'limited', restMs: 30_000 })
  })
})

describe('N30 a receiver that follows the README', () => {
  /** Raw body and signature, a time of the last five minutes, each id once. */
  function aCarefulReceiver(now: () => number) {
    const taken = new Set<string>()
    return (received: Received): boolean => {
      const [id, sentS] = [received.headers['webhook-id'], Number(received.headers['webhook-timestamp'])]
      const fresh = Math.abs(now() / 1000 - sentS) <= 300
      if (typeof id !== 'string' || !isGenuine(received, KEY) || !fresh || taken.has(id)) return false
      taken.add(id)
      return true
    }
  }

  it('takes our message once, and refuses it forged, old or sent again', async () => {
    const { channel, got } = await hook({})
    if (channel.audience !== 'programs') throw new Error('no webhook')
    await channel.send(EVENT, soon())
    const [received] = got
    if (received === undefined) throw new Error('nothing came')
    const sentAt = Number(received.headers['webhook-timestamp']) * 1000
    let now = sentAt
    const takes = aCarefulReceiver(() => now)
    const altered = (change: object) => ({ ...received, headers: { ...received.headers, ...change } })
    expect(takes({ ...received, text: received.text.replace('repair_cover', 'repair_vent') })).toBe(false)
    expect(takes(altered({ 'webhook-id': 'another' }))).toBe(false)
    expect(takes(altered({ 'webhook-timestamp': String(sentAt / 1000 + 1) }))).toBe(false)
    expect(takes(altered({ 'webhook-signature': 'v1,AAAA' }))).toBe(false)
    now = sentAt + 301_000
    expect(takes(received)).toBe(false)
    now = sentAt + 60_000
    expect([takes(received), takes(received)]).toEqual([true, false])
  })
})

describe('SMS', () => {
  const sms = { type: 'sms' } as Partial<ChannelSettings>

  it('is a signed webhook with the numbers and the text', async () => {
    const { channel, got } = await hook({}, sms)
    if (channel.audience === 'programs') throw new Error('no SMS')
    expect(await channel.send(aMessage(), soon())).toEqual({ kind: 'sent' })
    const [received] = got
    if (received === undefined) throw new Error('nothing came')
    expect(isGenuine(received, KEY)).toBe(true)
    expect(received.body).toMatchObject({
      type: 'sms.send',
      data: { phones: ['138 0000 0001'], text: '【特级】井盖 m1:请立即处置' },
    })
  })

  it('to nobody with a number is a refusal, so that the next channel is tried', async () => {
    const { channel, got } = await hook({}, sms)
    if (channel.audience === 'programs') throw new Error('no SMS')
    expect(await channel.send(aMessage({ people: [{ id: 'x', name: 'x' }] }), soon())).toMatchObject({
      kind: 'refused',
    })
    expect(got).toEqual([])
  })
})
