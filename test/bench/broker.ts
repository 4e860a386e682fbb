import { Aedes } from 'aedes'
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBroker } from '../../broker/broker.ts'

/**
 * Messages a second at QoS 1: our broker, its door calling back at once, beside bare aedes.
 * `node test/bench/broker.ts [messages]`. The devices run in a process of their own.
 */
const DEVICES = 50
const WINDOW = 50
const BODY = JSON.stringify({ ts: 1_764_000_000_000, values: { pressure_mpa: 0.61, temperature_c: 84.2 } })
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

interface Figures {
  readonly 'msg/s': number
  readonly 'ack p50 ms': number
  readonly 'ack p99 ms': number
}

/** One device: keeps a window of messages open and notes how long each acknowledgement took. */
async function publish(port: number, id: string, count: number): Promise<number[]> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)])
  const connectBody = Buffer.concat([
    text('MQTT'),
    Buffer.from([4, 0xc2, 0, 60]),
    text(id),
    text(id),
    text('demo'),
  ])
  socket.write(Buffer.concat([Buffer.from([0x10, connectBody.length]), connectBody]))
  const topic = text(`dh/v1/${id}/telemetry`)
  const head = Buffer.concat([lengthOf(topic.length + 2 + BODY.length), topic])
  const tail = Buffer.from(BODY)
  const sentAt: number[] = []
  const took: number[] = []
  let received = 0
  function send(many: number): void {
    const frames: Buffer[] = []
    for (let n = 0; n < many && sentAt.length < count; n++) {
      const packetId = (sentAt.length % 65_535) + 1
      frames.push(head, Buffer.from([packetId >> 8, packetId & 255]), tail)
      sentAt.push(performance.now())
    }
    if (frames.length > 0) socket.write(Buffer.concat(frames))
  }
  await new Promise<void>((done, failed) => {
    socket.on('error', failed)
    socket.on('data', (chunk: Buffer) => {
      const first = received === 0
      received += chunk.length
      if (first) return send(WINDOW)
      const acknowledged = Math.floor((received - 4) / 4)
      const before = took.length
      while (took.length < acknowledged) took.push(performance.now() - (sentAt[took.length] ?? 0))
      if (took.length >= count) done()
      else send(took.length - before)
    })
  })
  socket.destroy()
  return took
}

function lengthOf(length: number): Buffer {
  return length < 128 ? Buffer.from([0x32, length]) : Buffer.from([0x32, (length & 127) | 128, length >> 7])
}

async function devices(port: number, messages: number): Promise<Figures> {
  const started = performance.now()
  const each = Math.floor(messages / DEVICES)
  const all = await Promise.all(Array.from({ length: DEVICES }, (_, n) => publish(port, `d${n}`, each)))
  const seconds = (performance.now() - started) / 1000
  const took = all.flat().sort((a, b) => a - b)
  const at = (share: number) => Number((took[Math.floor(took.length * share)] ?? 0).toFixed(1))
  return { 'msg/s': Math.round(took.length / seconds), 'ack p50 ms': at(0.5), 'ack p99 ms': at(0.99) }
}

async function measure(port: number, messages: number): Promise<Figures> {
  const child = fork(import.meta.filename, ['--devices', String(port), String(messages)])
  return new Promise((done, failed) => {
    child.once('message', (figures) => done(figures as Figures))
    child.once('exit', (code) => failed(new Error(`the devices stopped with ${String(code)}`)))
  })
}

async function main(messages: number): Promise<void> {
  const rows: Record<string, Figures> = {}
  const aedes = await Aedes.createBroker()
  const server = createServer((socket) => aedes.handle(socket)).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const bare = (server.address() as AddressInfo).port

  const directory = mkdtempSync(join(tmpdir(), 'wellwatch-bench-'))
  const broker = createBroker({
    authenticate: () => Promise.resolve(true),
    ingest: (_message, done) => done(),
    persistencePath: join(directory, 'sessions.db'),
    log: quiet,
    limits: { messagesPerS: 1_000_000, burst: 1_000_000 },
  })
  const { mqttPort } = await broker.listen({ host: '127.0.0.1', mqttPort: 0 })

  for (const [name, port] of [
    ['warm-up', bare],
    ['warm-up', mqttPort],
    ['aedes alone', bare],
    ['wellwatch', mqttPort],
    ['aedes alone, again', bare],
    ['wellwatch, again', mqttPort],
  ] as const) {
    const figures = await measure(port, name === 'warm-up' ? messages / 4 : messages)
    if (name !== 'warm-up') rows[name] = figures
  }
  console.table(rows)
  await broker.close()
  await new Promise<void>((closed) => aedes.close(closed))
  server.close()
  rmSync(directory, { recursive: true, force: true })
}

const [mode, ...numbers] = process.argv.slice(2)
if (mode === '--devices') {
  const [port, messages] = numbers.map(Number)
  const figures = await devices(port ?? 0, messages ?? 0)
  process.send?.(figures, () => process.exit(0))
} else {
  await main(Number(mode ?? 100_000))
}
