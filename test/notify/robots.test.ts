import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { MINUTE } from '../../server/domain/instant.ts'
import { createChannels } from '../../server/notify/create-channels.ts'
import type { MessageChannel } from '../../server/flows/notification/outbox.ts'
import type { ChannelSettings } from '../../server/notify/settings.ts'
import { aMessage, aReceiver, soon, type Receiver, type Reply } from './receiver.ts'

const SENT_AT = 1_768_485_012_345
let receiver: Receiver | undefined
afterEach(async () => {
  await receiver?.close()
  receiver = undefined
})

/** One channel of a type towards a provider that always answers the same. */
async function robot(type: 'wecom' | 'dingtalk' | 'feishu', reply: Reply, secret?: string) {
  receiver = await aReceiver(() => reply)
  const settings: ChannelSettings = {
    id: 'robot',
    type,
    url: `${receiver.url}/send?key=canary-token`,
    ...(secret === undefined ? {} : { secret }),
  }
  const [channel] = createChannels(
    { language: 'zh', allow: ['127.0.0.1'], channel: [settings] },
    () => SENT_AT,
  )
  if (channel === undefined || channel.audience === 'programs') throw new Error('no robot')
  return { channel, got: receiver.got }
}
const send = (channel: MessageChannel, message = aMessage()) => channel.send(message, soon())

describe('企业微信', () => {
  it('is sent text with the people to call, and believes errcode 0 alone', async () => {
    const { channel, got } = await robot('wecom', { body: { errcode: 0, errmsg: 'ok' } })
    expect(await send(channel)).toEqual({ kind: 'sent' })
    expect(got[0]).toMatchObject({
      path: '/send',
      body: { msgtype: 'text', text: { mentioned_mobile_list: ['13800000001'] } },
    })
    expect(got[0]?.body.text.content).toBe(
      '【特级】井盖 m1:请立即处置\n通知原因: 抢险人员第一时间接到通知 (第八条3(7))\n通知: 值班员甲',
    )
  })

  it('calls nobody by name for what is no alarm', async () => {
    const { channel, got } = await robot('wecom', { body: { errcode: 0, errmsg: 'ok' } })
    await send(channel, aMessage({ urgency: 'soon' }))
    expect(got[0]?.body.text.mentioned_mobile_list).toEqual([])
  })

  it('a failure that comes with HTTP 200 is a failure', async () => {
    const refused = await robot('wecom', { body: { errcode: 93000, errmsg: 'invalid webhook url' } })
    expect(await send(refused.channel)).toEqual({ kind: 'refused', why: '93000 invalid webhook url' })
  })

  it('its rate limit rests the channel for a minute', async () => {
    const { channel } = await robot('wecom', { body: { errcode: 45009, errmsg: 'api freq out of limit' } })
    expect(await send(channel)).toMatchObject({ kind: 'limited', restMs: MINUTE })
  })

  it('a text longer than 2048 bytes is cut at a whole character', async () => {
    const { channel, got } = await robot('wecom', { body: { errcode: 0, errmsg: 'ok' } })
    await send(channel, aMessage({ text: { zh: '长'.repeat(2000), en: '' } }))
    const content: string = got[0]?.body.text.content
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2048)
    expect(content).not.toContain('\ufffd')
  })
})

describe('钉钉', () => {
  it('is signed with the time in ms over timestamp and secret, and calls by number', async () => {
    const { channel, got } = await robot('dingtalk', { body: { errcode: 0, errmsg: 'ok' } }, 'SEC-canary')
    expect(await send(channel)).toEqual({ kind: 'sent' })
    const { query, body } = got[0] ?? {}
    expect(query?.get('timestamp')).toBe(String(SENT_AT))
    const sign = createHmac('sha256', 'SEC-canary')
      .update(`${String(SENT_AT)}\nSEC-canary`)
      .digest('base64')
    expect(query?.get('sign')).toBe(sign)
    expect(query?.get('key')).toBe('canary-token')
    expect(body).toMatchObject({ msgtype: 'text', at: { atMobiles: ['13800000001'], isAtAll: false } })
    expect(body.text.content).toContain('@13800000001')
  })

  it('“send too fast” rests it for the ten minutes of its block', async () => {
    const body = { errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' }
    const { channel } = await robot('dingtalk', { body })
    expect(await send(channel)).toMatchObject({ kind: 'limited', restMs: 10 * MINUTE })
  })

  it('a wrong signature is a refusal, a busy system is worth another try', async () => {
    const refused = await robot('dingtalk', { body: { errcode: 310000, errmsg: 'sign not match' } })
    expect(await send(refused.channel)).toEqual({ kind: 'refused', why: '310000 sign not match' })
    await receiver?.close()
    const busy = await robot('dingtalk', { body: { errcode: -1, errmsg: '系统繁忙' } })
    expect(await send(busy.channel)).toMatchObject({ kind: 'failed' })
  })

  it('several notifications are one numbered digest, each with its time', async () => {
    const { channel, got } = await robot('dingtalk', { body: { errcode: 0, errmsg: 'ok' } })
    await send(channel, aMessage({ ids: ['a', 'b', 'c'] }))
    expect(got[0]?.body.text.content.split('\n')).toEqual([
      '热网哨:3 条通知',
      '01-15 21:50 【特级】井盖 a:请立即处置',
      '01-15 21:50 【特级】井盖 b:请立即处置',
      '01-15 21:50 【特级】井盖 c:请立即处置',
      '通知: 值班员甲',
      '@13800000001',
    ])
  })
})

describe('飞书', () => {
  it('is signed with the time in seconds as the key, and sent a card of plain text', async () => {
    const ok = { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' }
    const { channel, got } = await robot('feishu', { body: ok }, 'canary-secret')
    expect(await send(channel, aMessage({ text: { zh: '<at user_id="all"></at>', en: '' } }))).toEqual({
      kind: 'sent',
    })
    const seconds = String(Math.floor(SENT_AT / 1000))
    const sign = createHmac('sha256', `${seconds}\ncanary-secret`).update('').digest('base64')
    expect(got[0]?.body).toMatchObject({ timestamp: seconds, sign, msg_type: 'interactive' })
    expect(got[0]?.body.card.elements[0].text.tag).toBe('plain_text')
    expect(got[0]?.body.card.header).toMatchObject({ template: 'red', title: { tag: 'plain_text' } })
  })

  it('knows its limits, also behind HTTP 400 and 429', async () => {
    const slow = await robot('feishu', {
      status: 400,
      body: { code: 9499, msg: 'too many request', data: {} },
    })
    expect(await send(slow.channel)).toMatchObject({ kind: 'limited' })
    await receiver?.close()
    const gateway = await robot('feishu', { status: 429, headers: { 'retry-after': '120' }, body: '' })
    expect(await send(gateway.channel)).toMatchObject({ kind: 'limited', restMs: 2 * MINUTE })
    await receiver?.close()
    const sign = { code: 19021, msg: 'sign match fail or timestamp is not within one hour from current time' }
    const refused = await robot('feishu', { body: sign })
    expect(await send(refused.channel)).toMatchObject({ kind: 'refused' })
  })
})

describe('any robot', () => {
  it('N21 is told in one line what a caller said in several, and nothing that turns what follows', async () => {
    const { channel, got } = await robot('wecom', { body: { errcode: 0, errmsg: 'ok' } })
    const zh = '井盖 \u202e路口\r\n通知: 全体\u2028撤离\u0000\u2066'
    await send(channel, aMessage({ text: { zh, en: '' } }))
    const [title, why] = got[0]?.body.text.content.split('\n') ?? []
    expect(title).toBe('井盖 路口 通知: 全体 撤离 ')
    expect(why).toMatch(/^通知原因: /)
  })

  it('that answers no JSON, or 500, has not taken the message', async () => {
    const page = await robot('wecom', { body: '<html>login</html>' })
    expect(await send(page.channel)).toEqual({ kind: 'failed', why: 'HTTP 200' })
    await receiver?.close()
    const broken = await robot('wecom', { status: 502, body: { errcode: 0 } })
    expect(await send(broken.channel)).toMatchObject({ kind: 'failed' })
  })

  it('that never answers is unreachable once the time is up', async () => {
    const { channel } = await robot('wecom', { silent: true })
    expect(await channel.send(aMessage(), soon(150))).toEqual({ kind: 'unreachable', why: 'timeout' })
  })

  it('that is not there says so without telling its address or key', async () => {
    const { channel } = await robot('wecom', {})
    await receiver?.close()
    receiver = undefined
    const outcome = await send(channel)
    expect(outcome).toEqual({ kind: 'unreachable', why: 'ECONNREFUSED' })
    expect(JSON.stringify(outcome)).not.toContain('canary')
  })
})
