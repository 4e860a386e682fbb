import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { aWorld, type World } from '../support/world.ts'

const KEY = 'a-key-of-the-other-call-centre'
let world: World
beforeAll(async () => {
  world = await aWorld({ start: '09:00:00', config: { callCentreKey: KEY } })
})
afterAll(async () => {
  await world.close()
})

const send = (key: string) =>
  fetch(`${world.url()}/api/v1/calls/external`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ number: 'TX-1', kind: 'not_hot', address: '新华街', phone: '13812345678' }),
  })

it('the other call centre delivers with its bearer key, and nobody without it', async () => {
  expect((await send(KEY)).status).toBe(200)
  expect((await send('another-key-that-is-wrong')).status).toBe(401)
  const [ticket] = await world.as('operator').tickets()
  expect(ticket?.calls[0]).toMatchObject({ firstResponder: { name: '外部呼叫中心' } })
})

it('the key opens nothing else, however much an operator may', async () => {
  const [ticket] = await world.as('operator').tickets()
  const id = String(ticket?.id)
  for (const [method, path] of [
    ['GET', '/tickets'],
    ['GET', `/tickets/${id}`],
    ['POST', `/tickets/${id}/commands`],
    ['POST', '/calls'],
    ['POST', '/calls/import'],
    ['GET', '/session'],
    ['GET', '/roster/on-duty'],
    ['GET', '/live'],
  ] as const) {
    const response = await fetch(`${world.url()}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
      ...(method === 'POST' ? { body: '{}' } : {}),
    })
    expect([path, response.status]).toEqual([path, 403])
  }
})

it('a key that can be guessed is refused at start', () => {
  const config = readConfig({ WELLWATCH_CALL_CENTRE_KEY: 'short' })
  expect('mistakes' in config && config.mistakes.join()).toContain('WELLWATCH_CALL_CENTRE_KEY')
})
