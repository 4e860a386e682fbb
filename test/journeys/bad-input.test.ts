import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_BODY_BYTES } from '#contract/telemetry.ts'
import { openCover } from '../support/town.ts'
import { aWorld, SECRET, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

const now = Date.parse('2026-01-15T22:50:00+08:00')
const values = { chamber_c: 40 }
const timed = (ts: unknown) => JSON.stringify({ ts, values })

/** What devices have sent in earnest, and the reason that it is counted under. */
const BAD: readonly (readonly [what: string, body: string | Buffer, reason: string])[] = [
  ['nothing', '', 'empty'],
  ['more than 64 KiB', ' '.repeat(MAX_BODY_BYTES + 1), 'too_large'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'not_utf8'],
  ['half an object', '{"chamber_c":', 'not_json'],
  ['a decimal comma', '{"chamber_c": 40,5}', 'not_json'],
  ['NaN', '{"chamber_c": NaN}', 'not_json'],
  ['a body as deep as it is long', '['.repeat(30_000) + ']'.repeat(30_000), 'too_deep'],
  ['a word', '"hello"', 'wrong_shape'],
  ['a number with text', '{"chamber_c":"40,5"}', 'wrong_type'],
  ['a number beyond all numbers', '{"chamber_c":1e400}', 'not_finite'],
  ['an empty array', '[]', 'no_values'],
  ['1,001 samples', JSON.stringify(Array.from({ length: 1001 }, () => values)), 'too_many_samples'],
  [
    '65 signals',
    JSON.stringify(Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`s${i}`, 1]))),
    'too_many_signals',
  ],
  ['a name for line protocol', '{"x\\nhack,site=1 value":1}', 'bad_signal_name'],
  ['a time in words', timed('yesterday'), 'bad_time'],
  ['a time of 31 days ago', timed(now - 31 * 86_400_000), 'too_old'],
]

async function rejected(): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${world.url()}/metrics`)).text()
  const lines = text.matchAll(/^wellwatch_ingest_rejected_total\{reason="(\w+)"\} (\d+)$/gm)
  return new Map([...lines].map(([, reason, count]) => [reason ?? '', Number(count)]))
}

describe('F12 malformed but authorised', () => {
  it.each(BAD)('%s over MQTT is acknowledged and counted', async (_what, body, reason) => {
    const before = (await rejected()).get(reason) ?? 0
    await world.publish('dev-w3', body)
    expect((await rejected()).get(reason)).toBe(before + 1)
  })

  it.each(BAD)('%s over HTTP is refused with a problem and counted', async (_what, body, reason) => {
    const before = (await rejected()).get(reason) ?? 0
    const response = await fetch(`${world.url()}/api/v1/device/dev-w3/telemetry`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`dev-w3:${SECRET}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: Buffer.from(body),
    })
    expect(response.status).toBe(reason === 'too_large' ? 413 : 422)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect((await rejected()).get(reason)).toBe(before + 1)
  })

  it('an unknown event, a status in words, attributes as a list are counted too', async () => {
    const before = await rejected()
    await world.publish('dev-w3', { ts: now, event: 'cover_flew_away' }, 'event')
    await world.publish('dev-w3', { state: 'tired' }, 'status')
    await world.publish('dev-w3', [1, 2, 3], 'attributes')
    const after = await rejected()
    expect(after.get('unknown_event')).toBe((before.get('unknown_event') ?? 0) + 1)
    expect(after.get('wrong_shape')).toBe((before.get('wrong_shape') ?? 0) + 2)
  })

  it('with good samples beside it keeps the good ones', async () => {
    const response = await fetch(`${world.url()}/api/v1/device/dev-w3/telemetry`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`dev-w3:${SECRET}`).toString('base64')}` },
      body: JSON.stringify([
        { ts: now, values },
        { ts: 'x', values },
        { ts: now + 1000, values: { a: 'b' } },
      ]),
    })
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({
      accepted: 1,
      rejected: [
        { index: 1, reason: 'bad_time' },
        { index: 2, reason: 'wrong_type' },
      ],
    })
  })

  it('leaves the server up and the others served', async () => {
    await world.publish('dev-w1', openCover(now - 40_000, 3))
    await world.settle()
    expect(await world.as('dispatcher').tickets()).toMatchObject([{ kind: 'cover', assetId: 'w1' }])
    expect((await fetch(`${world.url()}/readyz`)).status).toBe(200)
    const { live } = await world.as('engineer').get<{ live: { id: string } }>('/assets/w3')
    expect(live.id).toBe('w3')
  })
})

describe('not authorised', () => {
  it('a wrong secret is refused over HTTP and MQTT, and another’s topic closes the connection', async () => {
    const response = await fetch(`${world.url()}/api/v1/device/dev-w3/telemetry`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('dev-w3:wrong').toString('base64')}` },
      body: JSON.stringify(values),
    })
    expect(response.status).toBe(401)
    const before = (await world.as('dispatcher').tickets()).length
    await expect(
      world.publishTo('dev-w2', 'dh/v1/dev-b1/event', { ts: now, event: 'cover_open' }),
    ).rejects.toThrow()
    await world.settle()
    expect(await world.as('dispatcher').tickets()).toHaveLength(before)
  })
})
