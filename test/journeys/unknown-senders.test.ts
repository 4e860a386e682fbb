import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, SECRET, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(async () => {
  await world.close()
})

interface Unknown {
  readonly items: readonly { clientId?: string; reason: string; topic: string }[]
}
const unknown = async () => {
  const { items } = await world.as('engineer').get<Unknown>('/devices/unknown')
  return items.map(({ clientId, reason }) => `${clientId ?? ''} ${reason}`)
}
const signIn = (id: string, password: string) =>
  connectAsync(world.mqttUrl(), { clientId: id, username: id, password, reconnectPeriod: 0 })

describe('a device that is turned away', () => {
  it('is named to the engineer with why, also after a restart, and set-aside messages with it', async () => {
    const device = 'dev-w2'
    await expect(signIn('stranger', 'x')).rejects.toThrow()
    await expect(signIn(device, 'wrong')).rejects.toThrow()
    await expect(world.publishTo(device, 'v1/devices/me/telemetry', { tilt: 75 })).rejects.toThrow()
    await world.publish(device, { object: { tilt: 75 } })
    const expected = ['stranger unknown_device', `${device} wrong_secret`, `${device} foreign_topic`]
    expect((await unknown()).sort()).toEqual(expected.sort())
    await world.restart()
    expect((await unknown()).sort()).toEqual(expected.sort())
    const setAside = await world
      .as('engineer')
      .get<{ senders: unknown[]; items: unknown[] }>('/devices/set-aside')
    expect(setAside.senders).toMatchObject([{ deviceId: device, count: 1, reason: 'wrong_type' }])
    expect(setAside.items).toMatchObject([{ deviceId: device, body: '{"object":{"tilt":75}}' }])
  })

  it('is asked to report now, and hears it', async () => {
    const device = 'dev-w2'
    const client = await signIn(device, SECRET)
    await client.subscribeAsync(`dh/v1/${device}/cmd/#`, { qos: 1 })
    const heard = new Promise<string>((resolve) => client.once('message', (topic) => resolve(topic)))
    await world.as('engineer').post(`/devices/${device}/report`, undefined)
    expect(await heard).toBe(`dh/v1/${device}/cmd/report`)
    await client.endAsync(true)
  })
})
