import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, afterEach, expect, it } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { openEntrance } from '../../server/wiring/mqtt-ingress.ts'
import { freePort } from '../support/child-server.ts'
import { silentLog } from '../support/silent-log.ts'

const directory = mkdtempSync(join(tmpdir(), 'wellwatch-open-'))
let close: (() => Promise<void>) | undefined
afterEach(() => close?.())
afterAll(() => rmSync(directory, { recursive: true }))

it('the open broker takes anybody and any topic, and nothing of it reaches the journal or the devices', async () => {
  const [mqttPort, openPort] = [await freePort(), await freePort()]
  const config = readConfig({
    WELLWATCH_MQTT_PORT: String(mqttPort),
    WELLWATCH_MQTT_OPEN_PORT: String(openPort),
  })
  if ('mistakes' in config) throw new Error(config.mistakes.join('\n'))
  const taken: string[] = []
  const entrance = await openEntrance({
    config,
    dataDir: directory,
    log: silentLog,
    authenticate: async () => true,
    ingest: {
      ingest: ({ topic }, done) => {
        taken.push(topic)
        done()
      },
      counts: () => {
        throw new Error('nobody counts here')
      },
    },
  })
  close = entrance.close

  const login = { clientId: 'd1', username: 'd1', password: 'x', reconnectPeriod: 0 }
  const device = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, login)
  const atDevice: string[] = []
  device.on('message', (topic) => atDevice.push(topic))
  await device.subscribeAsync('dh/v1/d1/#')

  const anybody = await connectAsync(`mqtt://127.0.0.1:${openPort}`, { clientId: 'myclientid' })
  const heard: string[] = []
  anybody.on('message', (topic) => heard.push(topic))
  await anybody.subscribeAsync('#', { qos: 2 })
  await anybody.publishAsync('TopicA/B', '1', { qos: 2 })
  await anybody.publishAsync('dh/v1/d1/telemetry', '2', { qos: 1 })
  await expect.poll(() => heard).toEqual(['TopicA/B', 'dh/v1/d1/telemetry'])
  await device.publishAsync('dh/v1/d1/status', '{"state":"online"}', { qos: 1 })
  await expect.poll(() => atDevice).toEqual(['dh/v1/d1/status'])
  expect(taken).toEqual(['dh/v1/d1/status'])
  expect(heard).toHaveLength(2)
  await anybody.endAsync()
  await device.endAsync()
})

it('is on loopback or not at all', () => {
  const config = readConfig({ WELLWATCH_HOST: '0.0.0.0', WELLWATCH_MQTT_OPEN_PORT: '1884' })
  expect(config).toEqual({ mistakes: ['WELLWATCH_MQTT_OPEN_PORT: only with WELLWATCH_HOST on loopback'] })
})
