import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { openJournal } from '../../../server/journal/journal.ts'
import { silentLog } from '../../support/silent-log.ts'
import type { Figure, Part } from '../figure.ts'
import { benchNetwork, loadDevice, SIGNALS } from '../network.ts'
import { SECRET, startServer, type BenchServer } from '../server.ts'

/**
 * A server that starts with a day of a city behind it that neither store nor detector has seen: how long
 * until a device is acknowledged, and what memory it takes to catch up.
 */
export const start: Part = async (run) => {
  const server = await startServer(benchNetwork(DEVICES, 0))
  try {
    await server.kill()
    const empty = await timeToAcknowledge(server)
    await server.kill()
    const messages = DEVICES * (run.quick ? 60 : A_DAY)
    await fillJournal(server.dir, messages)
    run.say(`${String(messages)} messages lie in the journal`)
    const behind = await timeToAcknowledge(server)
    const { rssMb } = await server.cost()
    await sleep(run.quick ? 1000 : CATCHING_UP_MS)
    run.say(
      `first acknowledged after ${behind.toFixed(0)} ms, with nothing behind it after ${empty.toFixed(0)} ms`,
    )
    return figures({ empty, behind, rssMb, peakMb: peakMb(server.pid) })
  } finally {
    await server.remove()
  }
}

const DEVICES = 1000
/** Messages of one device: one in ten seconds. */
const A_DAY = 8640
const CATCHING_UP_MS = 20_000
const AT_ONCE = 5000
const MIB = 1024 * 1024

/** As the server itself would have written it, a message of each device after the other. */
async function fillJournal(dir: string, messages: number): Promise<void> {
  const journal = await openJournal({
    dir: join(dir, 'journal'),
    log: silentLog,
    segmentBytes: 32 * MIB,
    consumers: ['detector', 'store'].map((name) => ({ name, mayLose: false })),
  })
  const from = Date.now() - (messages / DEVICES) * 10_000
  for (let done = 0; done < messages; done += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, messages - done) }, (_, n) => done + n)
    await Promise.all(
      some.map(
        (n) =>
          new Promise<void>((resolve, reject) => {
            const receivedAt = Math.floor(from + (n / DEVICES) * 10_000)
            const body = Buffer.from(JSON.stringify({ ts: receivedAt, values: valuesOf(n) }))
            const message = {
              deviceId: loadDevice(n % DEVICES),
              channel: 'telemetry',
              receivedAt,
              body,
            } as const
            journal.append(message, (error) => (error === undefined ? resolve() : reject(error)))
          }),
      ),
    )
  }
  await journal.close()
}

const BASE = [0.61, 84.2, 31.5, 55, 0.05, 3.6, -71, 0.02]
function valuesOf(n: number): Record<string, number> {
  return Object.fromEntries(
    SIGNALS.map((signal, i) => [signal, Number(((BASE[i] ?? 1) * (1 + ((n + i) % 997) / 1e5)).toFixed(6))]),
  )
}

/** From the start of the process to the PUBACK of a device that tries all the time. */
async function timeToAcknowledge(server: BenchServer): Promise<number> {
  const began = performance.now()
  const up = server.start()
  const id = loadDevice(0)
  const login = { clientId: id, username: id, password: SECRET, reconnectPeriod: 0 }
  for (;;) {
    const client = await connectAsync(`mqtt://127.0.0.1:${String(server.mqttPort)}`, login, false).catch(
      () => undefined,
    )
    if (client === undefined) {
      await sleep(10)
      continue
    }
    const body = JSON.stringify({ ts: Date.now(), values: valuesOf(0) })
    await client.publishAsync(`dh/v1/${id}/telemetry`, body, { qos: 1 })
    const ms = performance.now() - began
    await client.endAsync()
    await up
    return ms
  }
}

/** The most that it ever held. */
function peakMb(pid: number): number {
  const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))
  return Number(found?.[1]) / 1024
}

function figures(sums: { empty: number; behind: number; rssMb: number; peakMb: number }): Figure[] {
  return [
    {
      id: 'start-day',
      what: 'start with a day behind it to the first acknowledgement',
      unit: 's',
      value: sums.behind / 1000,
      target: { at: 'most', value: 5 },
    },
    { id: 'start-empty', what: '… with nothing behind it', value: sums.empty / 1000, unit: 's' },
    { id: 'start-memory', what: '… memory then', value: sums.rssMb, unit: 'MB' },
    { id: 'start-peak', what: '… and at most while it catches up', value: sums.peakMb, unit: 'MB' },
  ]
}
