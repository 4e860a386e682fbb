import { spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type MqttClient } from 'mqtt'
import { describe, expect, it } from 'vitest'
import type { DevicePublish } from '../../broker/connection.ts'
import { createPublishHandler, type CommandResult } from '../../broker/publish-handler.ts'
import { DEFAULT_LIMITS, PENALTIES } from '../../broker/limits.ts'
import { createCounters } from '../../broker/counters.ts'
import { createRateLimiter } from '../../broker/rate-limiter.ts'
import { createPenalties } from '#contract/penalties.ts'
import { CONNACK_OK, device, openBroker, signedIn, silentLog, useBrokers } from './support.ts'

const { open, closeLast } = useBrokers()

describe('F9 over a restart of the broker', () => {
  it('commands for an absent device wait on disk, and retained status is there for the device', async () => {
    const first = await openBroker()
    const kept = { clean: false }
    let client: MqttClient = await device(first.port, 'd1', kept)
    await client.subscribeAsync('dh/v1/d1/cmd/#', { qos: 1 })
    await client.publishAsync('dh/v1/d1/status', '{"state":"online"}', { qos: 1, retain: true })
    await client.publishAsync('dh/v1/d1/telemetry', '{"chamber_c":20}', { qos: 1, retain: true })
    await client.endAsync()
    await expect.poll(() => first.broker.stats().clients).toBe(0)
    for (const n of [1, 2, 3]) await first.broker.publishCommand('d1', 'interval', `${n}`)
    await first.broker.close()

    const second = await open({ persistencePath: first.path })
    const commands: string[] = []
    const login = { clientId: 'd1', username: 'd1', password: 'secret-d1' }
    // Commands come with the CONNACK: the handler must be there before.
    client = connect(`mqtt://127.0.0.1:${second.port}`, { ...login, ...kept, reconnectPeriod: 0 })
    client.on('message', (topic, body) => commands.push(`${topic} ${body}`))
    await expect.poll(() => commands).toEqual([1, 2, 3].map((n) => `dh/v1/d1/cmd/interval ${n}`))
    commands.length = 0
    await client.subscribeAsync(['dh/v1/d1/status', 'dh/v1/d1/telemetry'], { qos: 1 })
    await expect.poll(() => commands).toEqual(['dh/v1/d1/status {"state":"online"}'])
    await client.endAsync()
    await first.close()
  })

  it('a damaged session file is kept aside and begun anew: devices come in all the same', async () => {
    for (const damage of ['no database', 'a page of it']) {
      const first = await openBroker()
      const kept = await device(first.port, 'd1', { clean: false })
      await kept.subscribeAsync('dh/v1/d1/cmd/#', { qos: 1 })
      await kept.endAsync()
      await first.broker.close()
      const file = openSync(first.path, 'r+')
      const at = damage === 'no database' ? 0 : 4096
      writeSync(file, Buffer.alloc(statSync(first.path).size - at, 0xff), 0, undefined, at)
      closeSync(file)

      const { port } = await open({ persistencePath: first.path })
      const client = await device(port, 'd1', { clean: false })
      await client.publishAsync('dh/v1/d1/telemetry', '{"chamber_c":20}', { qos: 2 })
      await client.endAsync()
      expect(readdirSync(dirname(first.path)).some((file) => file.includes('.damaged-'))).toBe(true)
      await closeLast()
      await first.close()
    }
  })

  it('a clean connect throws away what waited', async () => {
    const { port, broker } = await open()
    const kept = await device(port, 'd1', { clean: false })
    await kept.subscribeAsync('dh/v1/d1/cmd/#', { qos: 1 })
    await kept.endAsync()
    await expect.poll(() => broker.stats().clients).toBe(0)
    await broker.publishCommand('d1', 'x', 'old')
    const raw = await signedIn(port)
    await sleep(100)
    expect(raw.received()).toEqual(CONNACK_OK)
    raw.socket.destroy()
  })
})

describe('commands', () => {
  it('reach Debian’s own client', async () => {
    const { port, broker } = await open()
    const login = ['-p', `${port}`, '-u', 'spare-1', '-P', 'secret-spare-1', '-i', 'spare-1']
    const child = spawn('mosquitto_sub', [...login, '-q', '1', '-C', '1', '-v', '-t', 'dh/v1/spare-1/cmd/#'])
    let printed = ''
    child.stdout.on('data', (text) => (printed += String(text)))
    await expect
      .poll(async () => {
        await broker.publishCommand('spare-1', 'interval', '60')
        return printed
      })
      .toContain('dh/v1/spare-1/cmd/interval 60')
    await expect.poll(() => child.exitCode).toBe(0)
  })

  it('are answered by the device that got them, and by no other', async () => {
    const results: CommandResult[] = []
    const { port, messages } = await open({ commandResult: (result) => results.push(result) })
    const client = await device(port, 'd1')
    await client.publishAsync('dh/v1/d1/cmd/interval/res', 'ok', { qos: 1 })
    await client.endAsync()
    expect(results).toEqual([{ deviceId: 'd1', name: 'interval', body: Buffer.from('ok') }])
    expect(messages).toEqual([])
  })
})

describe('the will of a connection that died with the process', () => {
  it('is published in the device’s name, and only to its own topics', () => {
    const messages: DevicePublish[] = []
    const parts = {
      counters: createCounters(),
      rateLimiter: createRateLimiter(DEFAULT_LIMITS),
      deniedDevices: createPenalties(PENALTIES),
      log: silentLog,
    }
    const handler = createPublishHandler({
      ...parts,
      ingest: (message, done) => {
        messages.push(message)
        done()
      },
      isClosing: () => false,
      connectionOf: () => {
        throw new Error('it has no connection')
      },
    })
    const will = { clientId: 'd1', payload: Buffer.from('{}'), qos: 1 as const, retain: true, dup: false }
    const errors: unknown[] = []
    for (const topic of ['dh/v1/d1/status', 'dh/v1/d2/status']) {
      handler.publish(null, { ...will, topic }, (error) => errors.push(error))
    }
    expect(messages).toMatchObject([{ deviceId: 'd1', channel: 'status' }])
    expect(errors).toEqual([undefined, expect.any(Error)])
    parts.rateLimiter.close()
  })
})
