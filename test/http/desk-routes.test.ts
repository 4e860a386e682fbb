import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { at } from '../support/desk-world.ts'
import { aPng, exif, JPEG, segment } from '../support/pictures.ts'
import { aDeskApp, multipartOf, type DeskApp } from './desk-app.ts'

let app: DeskApp
beforeEach(async () => {
  app = await aDeskApp('2026-03-08T08:00:01')
})
afterEach(() => app.close())

describe('calls', () => {
  it('shows what is known near a caller before anything is saved', async () => {
    const call = {
      kind: 'cover',
      address: '迎宾路 1 号',
      assetId: 'W1',
      callerPhone: '13812341234',
      beganUnknown: '路过',
      scene: '移位',
    }
    await app.as('operator', 'POST /calls', call)
    const [lon, lat] = (await app.as('wall', 'GET /incidents')).body.items[0].location.position
    const near = await app.as('operator', `GET /calls/matches?lon=${lon}&lat=${lat}&kind=cover`)
    expect(near.body.items).toMatchObject([{ sameKind: true, wouldJoin: true, kind: 'cover' }])
    const other = await app.as('operator', `GET /calls/matches?lon=${lon}&lat=${lat}&kind=not_hot`)
    expect(other.body.items).toMatchObject([{ sameKind: false, wouldJoin: false }])
    const far = await app.as('operator', `GET /calls/matches?lon=${lon + 1}&lat=${lat}&kind=cover`)
    expect(far.body.items).toEqual([])
  })

  it('refuses by right first, then names the missing kind, then a foreign field', async () => {
    expect((await app.as('wall', 'POST /calls', {})).status).toBe(403)
    expect((await app.as('operator', 'POST /calls', {})).body).toMatchObject({
      code: 'missing-field',
      missing: ['kind'],
    })
    const foreign = { kind: 'consult', address: 'x', callerPhone: '13812341234', level: 'special' }
    expect((await app.as('operator', 'POST /calls', foreign)).status).toBe(400)
  })
})

describe('check-ins', () => {
  it('begin and end by the crew, on a known asset, with a reason', async () => {
    const begun = await app.as('crew', 'POST /assets/W1/check-ins', { reason: '检修' })
    expect([begun.status, typeof begun.body.id]).toEqual([201, 'string'])
    const path = `/assets/W1/check-ins/${String(begun.body.id)}`
    expect((await app.as('wall', `DELETE ${path}`)).status).toBe(403)
    expect((await app.as('crew', `DELETE /assets/W2/check-ins/${String(begun.body.id)}`)).status).toBe(404)
    expect((await app.as('crew', `DELETE ${path}`)).status).toBe(204)
    expect((await app.as('crew', 'POST /assets/nowhere/check-ins', { reason: 'x' })).status).toBe(404)
    expect((await app.as('crew', 'POST /assets/S1/check-ins', { reason: 'x' })).body).toMatchObject({
      code: 'bad-value',
    })
    expect((await app.as('crew', 'POST /assets/W1/check-ins', {})).body.missing).toEqual(['reason'])
    expect((await app.as('wall', 'POST /assets/W1/check-ins', { reason: 'x' })).status).toBe(403)
  })
})

describe('notices', () => {
  const works = (receivedAt: string) => ({
    kind: 'planned_works',
    receivedAt,
    effectiveAt: '2026-03-10T08:00:00+08:00',
    assetIds: ['W1'],
    text: '管网检修',
    documentId: '调度〔2026〕3号',
  })

  it.each([
    ['2026-03-08T08:00:00+08:00', false, 172_800],
    ['2026-03-08T08:00:01+08:00', true, 172_799],
  ])('Ex 12: received %s is late: %s', async (receivedAt, late, leadSeconds) => {
    const { status, body } = await app.as('dispatcher', 'POST /notices', works(receivedAt))
    expect([status, body.late, body.leadSeconds]).toEqual([201, late, leadSeconds])
  })

  it('of a fault cannot be late (A26), and an officer may publish it (A25)', async () => {
    const fault = { kind: 'fault_outage', effectiveAt: '2026-03-08T08:00:00+08:00', text: '抢修停热' }
    expect((await app.as('officer', 'POST /notices', fault)).body).toMatchObject({ late: false })
    expect((await app.as('crew', 'POST /notices', fault)).status).toBe(403)
    const tariff = { ...works('2026-03-08T08:00:00+08:00'), kind: 'tariff' }
    expect((await app.as('officer', 'POST /notices', tariff)).status).toBe(403)
  })

  it('are found by place, and say what is missing', async () => {
    await app.as('dispatcher', 'POST /notices', works('2026-03-08T08:00:00+08:00'))
    const [lon, lat] = app.world.services.network.current().points.get('W1')?.position ?? [0, 0]
    expect((await app.as('operator', `GET /notices?near=${lon},${lat}`)).body.items).toHaveLength(1)
    expect((await app.as('operator', `GET /notices?near=${lon + 1},${lat}`)).body.items).toEqual([])
    expect((await app.as('operator', 'GET /notices?near=here')).status).toBe(400)
    const bare = await app.as('dispatcher', 'POST /notices', { kind: 'service' })
    expect(bare.body).toMatchObject({ clause: '第四条B', missing: ['effectiveAt', 'text', 'documentId'] })
  })
})

describe('N24 attachments', () => {
  const send = (name: string, bytes: Buffer, who: 'crew' | 'wall' = 'crew', field = 'file') => {
    const { payload, headers } = multipartOf(name, bytes, field)
    return app.as(who, 'POST /attachments', payload, headers)
  }

  it('are kept under an id and shown as what their first bytes say', async () => {
    const png = aPng()
    const { status, body } = await send('../../etc/passwd.png', png)
    expect(status).toBe(201)
    expect(readdirSync(app.dir)).toEqual([body.id])
    const file = await app.http.inject({
      url: `/api/v1/attachments/${String(body.id)}`,
      headers: { authorization: 'Bearer wall' },
    })
    expect(file.headers['content-type']).toBe('image/png')
    expect(file.headers['content-disposition']).toBe("inline; filename*=UTF-8''passwd.png")
    expect(file.rawPayload.equals(png)).toBe(true)
  })

  it('that could run in a browser are only ever downloaded', async () => {
    const { body } = await send('x.svg', Buffer.from('<svg onload="alert(1)"/>'))
    const file = await app.http.inject({
      url: `/api/v1/attachments/${String(body.id)}`,
      headers: { authorization: 'Bearer wall' },
    })
    expect(file.headers['content-type']).toBe('application/octet-stream')
    expect(file.headers['content-disposition']).toMatch(/^attachment;/)
  })

  it('are refused when empty, too large, unnamed or not ours to send', async () => {
    expect((await send('a.png', Buffer.alloc(0))).status).toBe(422)
    expect((await send('a.png', Buffer.alloc(10 * 1024 * 1024 + 1))).status).toBe(413)
    expect((await send('a.png', Buffer.from('x'), 'crew', 'photo')).body.missing).toEqual(['file'])
    expect((await send('a.png', Buffer.from('x'), 'wall')).status).toBe(403)
    expect((await app.as('crew', 'POST /attachments', { file: 'x' })).status).toBe(400)
    const form = multipartOf('a.png', aPng(), 'file')
    for (const cut of [20, form.payload.length - 20]) {
      const answer = await app.as('crew', 'POST /attachments', form.payload.subarray(0, cut), form.headers)
      expect([400, 422]).toContain(answer.status)
    }
    expect((await app.as('crew', 'GET /attachments/none')).status).toBe(404)
    expect(readdirSync(app.dir)).toEqual([])
  })

  it('are photos without the place where they were taken, and no picture that bursts', async () => {
    const photo = Buffer.concat([JPEG.subarray(0, 2), segment(0xe1, exif(6, true)), JPEG.subarray(2)])
    const { body } = await send('well.jpg', photo)
    const file = await app.http.inject({
      url: `/api/v1/attachments/${String(body.id)}`,
      headers: { authorization: 'Bearer wall' },
    })
    expect(file.headers['content-security-policy']).toBe("default-src 'none'; sandbox")
    expect(file.rawPayload.toString('latin1')).not.toContain('GPS')
    for (const bad of [aPng(1, 30_000), photo.subarray(0, 100)]) {
      expect(await send('x.jpg', bad)).toMatchObject({ status: 422, body: { code: 'bad-value' } })
    }
    expect(readdirSync(app.dir)).toEqual([body.id])
  })

  it('sent twice with one key is one file', async () => {
    const { payload, headers } = multipartOf('a.png', Buffer.from('x'))
    const key = { ...headers, 'idempotency-key': 'k' }
    const first = await app.as('crew', 'POST /attachments', payload, key)
    const again = await app.as('crew', 'POST /attachments', payload, key)
    expect(again.body).toEqual(first.body)
    expect(readdirSync(app.dir)).toEqual([first.body.id])
  })
})

describe('the policy', () => {
  it('is shown as data, clause by clause', async () => {
    const { body } = await app.as('wall', 'GET /policy')
    expect(body).toMatchObject({
      clocks: { repair_cover: { limitMinutes: 240, clause: '第八条3(5)' } },
      kinds: { not_hot: { level: 'third', inferred: 'A1' } },
      flags: { arrive_from: 'dispatch' },
    })
  })
})

describe('the policy of a browser that knows it', () => {
  it('is not sent again', async () => {
    const ask = (headers: Record<string, string>) =>
      app.http.inject({ url: '/api/v1/policy', headers: { authorization: 'Bearer wall', ...headers } })
    const tag = String((await ask({})).headers.etag)
    const again = await ask({ 'if-none-match': tag })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    expect((await ask({ 'if-none-match': '"another"' })).statusCode).toBe(200)
  })
})

describe('incidents', () => {
  it('that somebody acknowledged by mistake are taken back by the same person, within five seconds', async () => {
    const call = { kind: 'cover', address: 'x', callerPhone: '13812341234', beganUnknown: 'x', scene: 'x' }
    const { id } = (await app.as('operator', 'POST /calls', { ...call, assetId: 'W1' })).body.incident
    const give = `POST /incidents/${id}/acknowledge` as const
    const take = `DELETE /incidents/${id}/acknowledge` as const
    expect((await app.as('dispatcher', take)).status).toBe(422)
    await app.as('dispatcher', give)
    expect((await app.as('operator', take)).status).toBe(403)
    await app.world.advance(app.world.services.clock.now() + 5000)
    const back = await app.as('dispatcher', take)
    expect(back.status).toBe(200)
    expect(back.body.acknowledgedAt).toBeUndefined()
    expect(back.body.withdrawn).toMatchObject([{ by: 'dispatcher' }])
    await app.as('dispatcher', give)
    await app.world.advance(app.world.services.clock.now() + 5001)
    expect(await app.as('dispatcher', take)).toMatchObject({ status: 422, body: { code: 'bad-time' } })
  })

  it('are acknowledged, shelved and merged with a reason', async () => {
    const call = {
      kind: 'well_vent',
      address: 'x',
      callerPhone: '13812341234',
      beganUnknown: 'x',
      scene: 'x',
    }
    const [a, b] = [
      (await app.as('operator', 'POST /calls', { ...call, assetId: 'W1' })).body.incident.id,
      (await app.as('operator', 'POST /calls', { ...call, assetId: 'W2' })).body.incident.id,
    ]
    expect((await app.as('operator', `POST /incidents/${a}/acknowledge`, {})).body.acknowledgedBy).toBe(
      'operator',
    )
    expect((await app.as('dispatcher', `POST /incidents/${a}/acknowledge`)).status).toBe(200)
    const until = '2026-03-08T09:00:00+08:00'
    expect((await app.as('dispatcher', `POST /incidents/${a}/shelve`, { until })).body.missing).toEqual([
      'reason',
    ])
    const shelved = await app.as('dispatcher', `POST /incidents/${a}/shelve`, { until, reason: 'x' })
    expect(shelved.body.shelvedUntil).toBe(until)
    expect((await app.as('wall', `POST /incidents/${a}/merge`, {})).status).toBe(403)
    const merged = await app.as('dispatcher', `POST /incidents/${a}/merge`, { into: b, reason: '一件事' })
    expect([merged.status, merged.body.id, merged.body.ticketIds.length]).toEqual([200, b, 2])
    expect((await app.as('dispatcher', `POST /incidents/${a}/merge`, { into: b, reason: 'x' })).status).toBe(
      422,
    )
    await app.world.advance(at('2026-03-08T09:00:00'))
  })
})
