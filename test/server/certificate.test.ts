import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { connectAsync } from 'mqtt'
import { afterAll, afterEach, expect, it } from 'vitest'
import { readConfig, type Config } from '../../server/config.ts'
import type { Entrance } from '../../server/wiring/entrance.ts'
import { openEntrance } from '../../server/wiring/mqtt-ingress.ts'
import { freePort } from '../support/child-server.ts'
import { BRIEF, certificateMaker, type Made } from '../support/certificates.ts'
import { silentLog } from '../support/silent-log.ts'

const maker = certificateMaker()
const authority = maker.make('authority')
const directory = mkdtempSync(join(tmpdir(), 'wellwatch-certificate-'))
const certFile = join(directory, 'server.crt')
const keyFile = join(directory, 'server.key')
const caFile = join(directory, 'devices.crt')
const warned: string[] = []
let entrance: Entrance | undefined

afterEach(async () => {
  await entrance?.close()
  entrance = undefined
  warned.length = 0
})
afterAll(() => {
  maker.remove()
  rmSync(directory, { recursive: true })
})

/** As a renewal does it: each file whole at once, one after the other. */
function install({ cert, key }: Partial<Made>): void {
  for (const [path, text] of [[certFile, cert] as const, [keyFile, key] as const]) {
    if (text === undefined) continue
    writeFileSync(`${path}.new`, text)
    renameSync(`${path}.new`, path)
  }
}

function settings(more: Readonly<Record<string, string>> = {}): Config {
  const config = readConfig({
    WELLWATCH_MQTT_PORT: '0',
    WELLWATCH_MQTT_TLS_CERT_FILE: certFile,
    WELLWATCH_MQTT_TLS_KEY_FILE: keyFile,
    ...more,
  })
  if ('mistakes' in config) throw new Error(config.mistakes.join('\n'))
  return config
}

async function open(more: Readonly<Record<string, string>> = {}): Promise<number> {
  const port = await freePort()
  entrance = await openEntrance({
    config: settings({ WELLWATCH_MQTT_TLS_PORT: String(port), ...more }),
    dataDir: directory,
    ingest: {
      ingest: (_message, done) => done(),
      counts: () => {
        throw new Error('nobody counts here')
      },
    },
    authenticate: async (id, secret) => secret === `secret-${id}`,
    log: { ...silentLog, warn: (_facts: object, text: string) => void warned.push(text) },
    lookEveryMs: 20,
  })
  return port
}

async function shownAt(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', ca: authority.cert })
  await new Promise((secured, failed) => socket.once('secureConnect', secured).once('error', failed))
  const name = String(socket.getPeerCertificate().subject.CN)
  socket.destroy()
  return name
}

it('N10 a renewed certificate is shown without a restart, half of a renewal is not', async () => {
  install(maker.make('first', 'authority'))
  const port = await open()
  expect(await shownAt(port)).toBe('first')
  const { cert, key } = maker.make('second', 'authority')
  install({ cert })
  await expect.poll(() => warned).toHaveLength(1)
  expect(await shownAt(port)).toBe('first')
  install({ key })
  await expect.poll(() => shownAt(port)).toBe('second')
  rmSync(keyFile)
  await expect.poll(() => warned).toHaveLength(2)
  expect(await shownAt(port)).toBe('second')
})

it('a device shows a certificate of the configured authority that names it', async () => {
  install(maker.make('server', 'authority'))
  writeFileSync(caFile, authority.cert)
  const port = await open({ WELLWATCH_MQTT_TLS_CLIENT_CA_FILE: caFile })
  const signIn = async (id: string, shown: Partial<Made>) => {
    const options = {
      clientId: id,
      username: id,
      password: `secret-${id}`,
      reconnectPeriod: 0,
      connectTimeout: 3000,
      ca: authority.cert,
      ...shown,
    }
    const client = await connectAsync(`mqtts://127.0.0.1:${port}`, options, false)
    await client.publishAsync(`dh/v1/${id}/telemetry`, '1', { qos: 1 })
    await client.endAsync()
  }
  await signIn('d1', maker.make('d1', 'authority'))
  await expect(signIn('d2', maker.make('d1', 'authority'))).rejects.toThrow('Not authorized')
  await expect(signIn('d1', {})).rejects.toThrow()
  await expect(signIn('d1', maker.make('d1'))).rejects.toThrow()
})

it('one that has expired, or soon will, is told', async () => {
  install(maker.make('brief', 'authority', BRIEF))
  await open()
  expect(warned).toEqual(['the certificate of the broker expires soon, or has expired'])
})

it('a missing file, or a key of another certificate, is named at the start', async () => {
  install({ cert: maker.make('one', 'authority').cert, key: maker.make('two', 'authority').key })
  await expect(open()).rejects.toThrow('do not fit')
  rmSync(keyFile, { force: true })
  await expect(open()).rejects.toThrow('WELLWATCH_MQTT_TLS_KEY_FILE')
})
