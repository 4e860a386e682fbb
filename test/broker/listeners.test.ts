import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { connectAsync, type IClientOptions } from 'mqtt'
import type { Certificate } from '../../broker/listeners.ts'
import { certificateMaker, EXPIRED, type Made } from '../support/certificates.ts'
import { connectFrame, publishFrame, rawClient, useBrokers, type TestBroker } from './support.ts'

const maker = certificateMaker()
const certificate = maker.make
const authority = certificate('authority')
const server = certificate('server', 'authority')
const brokers = useBrokers()

afterAll(() => maker.remove())

const open = (
  where: { tlsPort?: number; wsPort?: number; wssPort?: number },
  tls?: Certificate,
): Promise<TestBroker> => brokers.open({ where, ...(tls === undefined ? {} : { tls }) })

const LOGIN: IClientOptions = {
  clientId: 'd1',
  username: 'd1',
  password: 'secret-d1',
  reconnectPeriod: 0,
  connectTimeout: 3000,
}
async function publishAt(url: string, more: IClientOptions = {}): Promise<void> {
  const client = await connectAsync(url, { ...LOGIN, ...more })
  await client.publishAsync('dh/v1/d1/telemetry', 'x'.repeat(60_000), { qos: 1 })
  await client.endAsync()
}

describe('the WebSocket entrance', () => {
  it('carries whole messages and ingests the same', async () => {
    const { addresses, messages } = await open({ wsPort: 0 })
    await publishAt(`ws://127.0.0.1:${addresses.wsPort}/mqtt`)
    expect(messages).toMatchObject([{ deviceId: 'd1', channel: 'telemetry' }])
  })

  it('[MQTT-6.0.0-2] [MQTT-6.0.0-4] speaks the subprotocol mqtt and takes packets in any pieces', async () => {
    const { addresses } = await open({ wsPort: 0 })
    const socket = new WebSocket(`ws://127.0.0.1:${addresses.wsPort}`, ['chat', 'mqtt'])
    await new Promise((connected) => socket.once('open', connected))
    expect(socket.protocol).toBe('mqtt')
    const answers: Buffer[] = []
    const answered = new Promise((done) =>
      socket.on('message', (bytes: Buffer) => {
        answers.push(bytes)
        if (Buffer.concat(answers).length >= 6) done(undefined)
      }),
    )
    const bytes = Buffer.concat([connectFrame(), Buffer.from([0xc0, 0])])
    for (const byte of bytes) socket.send(Buffer.from([byte]))
    await answered
    expect([...Buffer.concat(answers)]).toEqual([0x20, 2, 0, 0, 0xd0, 0])
    socket.close()
  })

  it('refuses the same frames', async () => {
    const { addresses, broker } = await open({ wsPort: 0 })
    const socket = new WebSocket(`ws://127.0.0.1:${addresses.wsPort}`, 'mqtt')
    await new Promise((connected) => socket.once('open', connected))
    const closed = new Promise((done) => socket.once('close', done))
    socket.send(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]))
    await closed
    expect(broker.stats().refused.frame_too_large).toBe(1)
  })

  it('[MQTT-6.0.0-1] ends a connection that sends text', async () => {
    const { addresses, broker } = await open({ wsPort: 0 })
    const socket = new WebSocket(`ws://127.0.0.1:${addresses.wsPort}`, 'mqtt')
    await new Promise((connected) => socket.once('open', connected))
    const closed = new Promise((done) => socket.once('close', done))
    socket.send(connectFrame().toString('latin1'))
    await closed
    expect(broker.stats().refused.websocket).toBe(1)
    expect(broker.stats().connects).toBe(0)
  })

  it('turns away what does not speak MQTT', async () => {
    const { addresses } = await open({ wsPort: 0 })
    const url = `127.0.0.1:${addresses.wsPort}`
    expect((await fetch(`http://${url}/`)).status).toBe(426)
    const socket = new WebSocket(`ws://${url}`, 'chat')
    const error = await new Promise<Error>((failed) => socket.once('error', failed))
    expect(error.message).toContain('400')
  })
})

describe('N10 the TLS entrance', () => {
  it('carries messages over TLS and over secure WebSocket', async () => {
    const { addresses, messages } = await open({ tlsPort: 0, wssPort: 0 }, server)
    await publishAt(`mqtts://127.0.0.1:${addresses.tlsPort}`, { ca: authority.cert })
    await publishAt(`wss://127.0.0.1:${addresses.wssPort}`, { ca: authority.cert })
    expect(messages).toHaveLength(2)
  })

  it('takes messages right behind CONNECT, whatever records they come in', async () => {
    const { addresses, messages } = await open({ tlsPort: 0 }, server)
    const ids = Array.from({ length: 20 }, (_, n) => n + 1)
    const frames = ids.map((id) => publishFrame('dh/v1/d1/telemetry', `${id}`, id))
    for (const every of [1, 2, 3, 4, 5, 6, 7, 8]) {
      messages.length = 0
      const socket = connectTls({ port: addresses.tlsPort ?? 0, ca: authority.cert, host: '127.0.0.1' })
      await new Promise((done) => socket.once('secureConnect', done))
      const all = Buffer.concat([connectFrame(), ...frames])
      let received = 0
      socket.on('data', (more: Buffer) => (received += more.length))
      for (const [at, byte] of all.entries()) {
        socket.write(Buffer.from([byte]))
        if (at % every === 0) await new Promise(setImmediate)
      }
      await expect.poll(() => received).toBe(4 + ids.length * 4)
      expect(messages.map(({ body }) => Number(String(body)))).toEqual(ids)
      socket.destroy()
    }
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['the beginning of a handshake', Buffer.from([22, 3, 1, 0, 200, 1, 0])],
  ])('lets go at once of who closes after %s', async (_name, said) => {
    const { addresses, broker } = await open({ tlsPort: 0 }, server)
    const { socket, closed } = await rawClient(addresses.tlsPort ?? 0)
    await expect.poll(() => broker.stats().pending).toBe(1)
    socket.end(said)
    await closed
    await expect.poll(() => broker.stats().pending).toBe(0)
  })

  it('is trusted by nobody who knows another authority, nor with a certificate that has expired', async () => {
    const { addresses } = await open({ tlsPort: 0 }, server)
    const stranger = certificate('stranger')
    const url = `mqtts://127.0.0.1:${addresses.tlsPort}`
    await expect(publishAt(url, { ca: stranger.cert })).rejects.toThrow(/self-signed|unable to verify|issuer/)
    const late = await open({ tlsPort: 0 }, certificate('late', 'authority', EXPIRED))
    const lateUrl = `mqtts://127.0.0.1:${late.addresses.tlsPort}`
    await expect(publishAt(lateUrl, { ca: authority.cert })).rejects.toThrow('expired')
  })

  it('refuses TLS 1.1, and plain MQTT', async () => {
    const { addresses, broker } = await open({ tlsPort: 0 }, server)
    const port = addresses.tlsPort ?? 0
    const old = connectTls({
      port,
      host: '127.0.0.1',
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1.1',
      ca: authority.cert,
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    await new Promise((failed) => old.once('error', failed))
    const plain = await rawClient(port)
    plain.send(connectFrame())
    await plain.closed
    await expect.poll(() => broker.stats().refused.tls_handshake).toBe(2)
    expect(broker.stats().connects).toBe(0)
  })

  it('shows a renewed certificate without a restart, and leaves open connections alone', async () => {
    const { addresses, broker } = await open({ tlsPort: 0 }, server)
    const url = `mqtts://127.0.0.1:${addresses.tlsPort}`
    const before = await connectAsync(url, { ...LOGIN, ca: authority.cert })
    broker.renewCertificate(certificate('renewed', 'authority'))
    const socket: TLSSocket = connectTls({
      port: addresses.tlsPort ?? 0,
      host: '127.0.0.1',
      ca: authority.cert,
    })
    await new Promise((secured) => socket.once('secureConnect', secured))
    expect(socket.getPeerCertificate().subject.CN).toBe('renewed')
    socket.destroy()
    expect(before.connected).toBe(true)
    await before.endAsync()
  })

  it('with client certificates lets in only the device that the certificate names', async () => {
    const { addresses, broker } = await open({ tlsPort: 0 }, { ...server, clientCa: authority.cert })
    const url = `mqtts://127.0.0.1:${addresses.tlsPort}`
    await publishAt(url, { ca: authority.cert, ...certificate('d1', 'authority') })
    const answer = async (shown: Partial<Made>) => {
      const socket = connectTls({
        port: addresses.tlsPort ?? 0,
        host: '127.0.0.1',
        ca: authority.cert,
        ...shown,
      })
      socket.on('error', () => undefined).write(connectFrame())
      let code: number | undefined
      socket.on('data', (chunk: Buffer) => (code = chunk[3]))
      await new Promise((closed) => socket.once('close', closed))
      return code
    }
    expect(await answer(certificate('d2', 'authority'))).toBe(5)
    expect(await answer(certificate('self-signed'))).toBeUndefined()
    expect(await answer(certificate('d1', 'authority', EXPIRED))).toBeUndefined()
    certificate('stranger')
    expect(await answer(certificate('d1', 'stranger'))).toBeUndefined()
    expect(await answer({})).toBeUndefined()
    expect(broker.stats().connects).toBe(1)
    expect(broker.stats().refused).toMatchObject({ certificate_mismatch: 1, tls_handshake: 4 })
  })

  it('needs a certificate', async () => {
    await expect(open({ tlsPort: 0 })).rejects.toThrow('certificate')
  })
})
