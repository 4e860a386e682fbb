import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync, type IClientOptions } from 'mqtt'
import { describe, expect, it } from 'vitest'
import type { GatewayAccess } from '../../broker/gateways.ts'
import { device, useBrokers } from './support.ts'

const { open } = useBrokers()

function lora(more: Partial<GatewayAccess> = {}) {
  const taken: string[] = []
  const gateways: GatewayAccess = {
    has: (id) => id === 'lora',
    mayPublish: (_id, topic) => topic.startsWith('application/'),
    maySubscribe: (_id, filter) => filter === 'application/#',
    take(id, { topic, bytes }, done) {
      taken.push(`${id} ${topic} ${bytes.toString()}`)
      done()
    },
    ...more,
  }
  return { gateways, taken }
}

const gateway = (port: number, more: IClientOptions = {}) =>
  connectAsync(`mqtt://127.0.0.1:${port}`, {
    username: 'lora',
    password: 'secret-gateway/lora',
    clientId: 'whatever it likes',
    reconnectPeriod: 0,
    ...more,
  })
const UP = 'application/1/device/0101/event/up'

describe('a gateway at the broker', () => {
  it('publishes on topics of its profiles, under any client id, and is acknowledged once that is kept', async () => {
    const kept = Promise.withResolvers<undefined>()
    const { gateways, taken } = lora({
      take(id, { topic }, done) {
        taken.push(`${id} ${topic}`)
        void kept.promise.then(() => done())
      },
    })
    const { port, messages } = await open({ gateways })
    const client = await gateway(port)
    let acknowledged = false
    const publishing = client.publishAsync(UP, 'x', { qos: 1 }).then(() => (acknowledged = true))
    await expect.poll(() => taken).toEqual([`lora ${UP}`])
    await sleep(50)
    expect(acknowledged).toBe(false)
    kept.resolve(undefined)
    await publishing
    expect(messages).toEqual([])
    await client.endAsync()
  })

  it('is cut off on any other topic, and where its message cannot be kept, unacknowledged', async () => {
    const { gateways, taken } = lora({ take: (_id, _message, done) => done(new Error('the disk is full')) })
    const { port, broker } = await open({ gateways })
    for (const topic of ['dh/v1/d1/telemetry', 'v1/gateway/telemetry', UP]) {
      const client = await gateway(port)
      const closed = new Promise((done) => client.once('close', () => done('closed')))
      client.publish(topic, 'x', { qos: 1 })
      expect(await closed).toBe('closed')
      client.end(true)
    }
    expect(taken).toEqual([])
    expect(broker.stats().refused).toMatchObject({ foreign_topic: 2, ingest_failed: 1 })
  })

  it('neither takes over a device of its client id, nor hears what others say', async () => {
    const { gateways } = lora()
    const { port, messages } = await open({ gateways })
    const lid = await device(port, 'd1')
    const client = await gateway(port, { clientId: 'd1' })
    const heard: string[] = []
    client.on('message', (topic) => heard.push(topic))
    await client.subscribeAsync('application/#')
    await lid.publishAsync('dh/v1/d1/telemetry', '{"cover_open":true}', { qos: 1 })
    await client.publishAsync(UP, 'x', { qos: 1, retain: true })
    expect([lid.connected, messages.length, heard]).toEqual([true, 1, []])
    await Promise.all([lid.endAsync(), client.endAsync()])
  })

  it('has one connection: the newer one ends the older', async () => {
    const { gateways } = lora()
    const { port } = await open({ gateways })
    const older = await gateway(port, { clientId: 'a' })
    const closed = new Promise((done) => older.once('close', () => done('closed')))
    const newer = await gateway(port, { clientId: 'b' })
    expect(await closed).toBe('closed')
    expect(newer.connected).toBe(true)
    await newer.endAsync()
  })

  it('is refused with a wrong secret, and a device cannot call itself one', async () => {
    const { gateways } = lora()
    const { port } = await open({ gateways })
    await expect(gateway(port, { password: 'guess' })).rejects.toThrow(/Bad username or password/)
    const posing = { username: 'gateway/lora', clientId: 'gateway/lora' }
    await expect(gateway(port, posing)).rejects.toThrow(/Bad username or password/)
    await expect(gateway(port, { username: 'd1', password: 'secret-d1' })).rejects.toThrow(
      /rejected|authorized/,
    )
  })
})
