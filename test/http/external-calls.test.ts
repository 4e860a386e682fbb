import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TicketView } from '#contract/ticket.ts'
import { at } from '../support/desk-world.ts'
import { aDeskApp, type DeskApp } from './desk-app.ts'

let app: DeskApp
beforeEach(async () => {
  app = await aDeskApp('09:00:00')
})
afterEach(async () => {
  await app.close()
})

const HEAD = '工单编号,类别,受理时间,地址,联系电话,联系人,内容,井号'
const COVER = 'TX-1,井盖破损,2026/1/15 8:30,解放路 12 号,13812345678,李女士,"井盖移位,一半悬空",W1'
const COLD = 'TX-2,不热,2026-01-15 08:45:00,新华街 3 号 2 单元,0473-3231885,,室温 14 度,'

/** These two characters in GB18030, where they differ from UTF-8: enough to prove the encoding. */
const GB: Record<string, string> = {}
const decoder = new TextDecoder('gb18030')
for (let high = 0x81; high <= 0xfe; high += 1) {
  for (let low = 0x40; low <= 0xfe; low += 1) {
    const text = decoder.decode(Uint8Array.of(high, low))
    if (text.length === 1) GB[text] = String.fromCharCode(high, low)
  }
}
const gb18030 = (text: string) => Buffer.from([...text].map((each) => GB[each] ?? each).join(''), 'latin1')

const upload = async (body: Buffer | string, who = 'operator') => {
  const response = await app.http.inject({
    method: 'POST',
    url: '/api/v1/calls/import',
    payload: body,
    headers: { authorization: `Bearer ${who}`, 'content-type': 'text/csv' },
  })
  return { status: response.statusCode, body: response.json() }
}
const send = (body: object, who: 'operator' | 'crew' = 'operator') =>
  app.as(who, 'POST /calls/external', body)
const tickets = async (): Promise<readonly TicketView[]> =>
  (await app.as('operator', 'GET /tickets')).body.items

describe('POST /calls/import', () => {
  it.each([
    ['UTF-8 with a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['UTF-8 without', (text: string) => Buffer.from(text)],
    ['GB18030', gb18030],
  ])('reads %s', async (_name, encode) => {
    const { status, body } = await upload(encode([HEAD, COVER, COLD].join('\r\n')))
    expect([status, body.bad]).toEqual([200, []])
    expect(body.taken.map(({ number, line }: { number: string; line: number }) => [line, number])).toEqual([
      [2, 'TX-1'],
      [3, 'TX-2'],
    ])
    const [cold, cover] = await tickets()
    expect(cover).toMatchObject({
      kind: 'cover',
      assetId: 'W1',
      state: 'dispatched',
      openedAt: '2026-01-15T08:30:00+08:00',
      dueAt: '2026-01-15T12:30:00+08:00',
      calls: [{ callerName: '李女士', externalNumber: 'TX-1', scene: '井盖移位,一半悬空' }],
    })
    expect(cold).toMatchObject({ kind: 'not_hot', calls: [{ source: 'transferred' }] })
  })

  it('does a file sent twice once', async () => {
    const file = [HEAD, COVER, COLD].join('\n')
    const first = (await upload(file)).body
    const again = (await upload(file)).body
    expect(again).toMatchObject({ taken: [], bad: [] })
    expect(again.known).toEqual(first.taken.map((each: object) => ({ ...each, changed: false })))
    expect(await tickets()).toHaveLength(2)
  })

  it('notes on the ticket what the other system has changed since, once', async () => {
    await upload([HEAD, COVER].join('\n'))
    const changed = COVER.replace('一半悬空', '有人跌落')
    expect((await upload([HEAD, changed].join('\n'))).body.known).toMatchObject([{ changed: true }])
    expect((await upload([HEAD, changed].join('\n'))).body.known).toMatchObject([{ changed: false }])
    const [ticket] = await tickets()
    const notes = ticket?.events.filter(({ type }) => type === 'note') ?? []
    expect(notes.map(({ data }) => data['text'])).toEqual(['外部工单 TX-1 已更新:现场情况、内容'])
    expect(ticket?.calls[0]?.description).toMatch(/\n.*有人跌落/)
  })

  it('lists each bad line with its reason and its own words, and takes all others', async () => {
    const lines = [
      HEAD,
      'TX-3,井盖破损,2026/1/15 8:30,,13812345678,,x,W1',
      'TX-4,飞碟,2026/1/15 8:30,某处,13812345678,,x,',
      'TX-5,不热,昨天,某处,13812345678,,x,',
      'TX-6,不热,2026/2/31 8:30,某处,13812345678,,x,',
      'TX-7,不热,2026/1/13 8:30,某处,13812345678,,x,',
      ',不热,2026/1/15 8:30,某处,13812345678,,x,',
      'TX-8,不热,2026/1/15 8:30,某处,13812345678,,x,,多,了',
      COLD,
    ]
    const { body } = await upload(lines.join('\n'))
    expect(body.taken).toHaveLength(1)
    const bad = body.bad as { line: number; number?: string; reason: string; missing?: string[] }[]
    expect(bad.map(({ line, number }) => [line, number])).toEqual([
      [2, 'TX-3'],
      [3, 'TX-4'],
      [4, 'TX-5'],
      [5, 'TX-6'],
      [6, 'TX-7'],
      [7, undefined],
      [8, 'TX-8'],
    ])
    expect(bad[0]?.missing).toEqual(['address'])
    expect(bad[1]?.reason).toContain('飞碟')
    expect(bad[4]?.reason).toContain('早于')
    expect(body.bad[1].fields).toMatchObject({ kind: '飞碟', address: '某处' })
  })

  it('a bad line mended under its number is taken', async () => {
    await upload([HEAD, 'TX-3,井盖破损,2026/1/15 8:30,,13812345678,,x,W1'].join('\n'))
    const { body } = await upload([HEAD, 'TX-3,井盖破损,2026/1/15 8:30,解放路,13812345678,,x,W1'].join('\n'))
    expect(body).toMatchObject({ taken: [{ number: 'TX-3' }], bad: [] })
  })

  it('joins what a sensor or another caller has reported', async () => {
    await upload(
      [HEAD, COVER, COVER.replace('TX-1', 'TX-9').replace('13812345678', '13900000000')].join('\n'),
    )
    const all = await tickets()
    expect(all).toHaveLength(1)
    expect(all[0]?.calls).toHaveLength(2)
  })

  it.each<[string, string, number]>([
    ['one cell without an end', 'x'.repeat(1_000_000), 413],
    ['a million empty cells', `${HEAD}\n${','.repeat(1_000_000)}`, 413],
    ['a quote that is never closed', `${HEAD}\n"${'a\n'.repeat(200_000)}`, 422],
    ['nothing but NUL', '\0'.repeat(50_000), 422],
    ['more lines than a table may have', `${HEAD}\n${'a,b\n'.repeat(50_000)}`, 413],
  ])('N27 a table of %s is one clear refusal', async (_what, text, expected) => {
    expect((await upload(text)).status).toBe(expected)
    expect(await tickets()).toEqual([])
  })

  it.each<[string, Buffer | string, number]>([
    ['without its columns', 'a,b\n1,2', 422],
    ['in no encoding', Buffer.from([0x61, 0xff, 0xff, 0x0a]), 422],
    ['that is empty', '\n', 422],
  ])('a file %s is refused', async (_name, file, status) => {
    expect((await upload(file)).status).toBe(status)
  })

  it('is for who may take calls', async () => {
    expect((await upload([HEAD, COVER].join('\n'), 'crew')).status).toBe(403)
    expect((await upload([HEAD, COVER].join('\n'), 'nobody')).status).toBe(401)
  })
})

describe('POST /calls/external', () => {
  const one = {
    number: 'TX-20',
    kind: 'cover',
    address: '解放路',
    callerPhone: '13812345678',
    receivedAt: '2026-01-15T08:59:00+08:00',
    assetId: 'W1',
  }

  it('takes one call, and the same one again once', async () => {
    const first = await send(one)
    expect(first).toMatchObject({ status: 200, body: { taken: [{ number: 'TX-20' }] } })
    expect((await send(one)).body).toMatchObject({ taken: [], known: [{ changed: false }] })
    const [ticket] = await tickets()
    expect(ticket?.calls[0]).toMatchObject({
      beganUnknown: '外部系统来件未注明',
      sceneUnknown: '外部系统来件未注明',
    })
  })

  it('two deliveries at the same time open one ticket', async () => {
    const both = await Promise.all([send(one), send(one), send(one)])
    expect(both.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await tickets()).toHaveLength(1)
  })

  it('says with its status that not all were taken, and which were', async () => {
    const { status, body } = await send([one, { ...one, number: 'TX-21', address: '' }, 'x'])
    expect(status).toBe(422)
    expect(body.taken).toHaveLength(1)
    expect(body.bad.map(({ line }: { line: number }) => line)).toEqual([2, 3])
  })

  it('is for who may take calls', async () => {
    expect((await send(one, 'crew')).status).toBe(403)
  })

  it('runs its clocks from when the other desk took the call', async () => {
    await send(one)
    await app.world.advance(at('12:59:01'))
    const [ticket] = await tickets()
    expect(ticket?.clocks.find(({ key }) => key === 'repair_cover')).toMatchObject({
      startAt: '2026-01-15T08:59:00+08:00',
      state: 'breached',
    })
  })
})
