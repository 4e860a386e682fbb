import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { MAX_SIGNALS_PER_DEVICE } from '#contract/telemetry.ts'
import type { Part } from '../../bench/figure.ts'
import { runLoad } from '../../bench/load.ts'
import { benchNetwork, loadDevice } from '../../bench/network.ts'
import { startServer, SECRET } from '../../bench/server.ts'

const NAMES_A_SAMPLE = 60
const SAMPLES_A_MESSAGE = 50
const NAMES_A_MESSAGE = NAMES_A_SAMPLE * SAMPLES_A_MESSAGE

/** N6: one device that invents a million names of signals, beside another that works. */
export const names: Part = async (run) => {
  const server = await startServer(benchNetwork(102, 0))
  const [attacker, neighbour] = [loadDevice(100), loadDevice(101)]
  const login = (id: string) => ({ clientId: id, username: id, password: SECRET })
  const url = `mqtt://127.0.0.1:${String(server.mqttPort)}`
  const clients = await Promise.all([attacker, neighbour].map((id) => connectAsync(url, login(id))))
  const send = (n: number, id: string, body: object): Promise<unknown> | undefined =>
    clients[n]?.publishAsync(`dh/v1/${id}/telemetry`, JSON.stringify(body), { qos: 1 })
  const message = (from: number, prefix = 'n'): object[] =>
    Array.from({ length: SAMPLES_A_MESSAGE }, (_, sample) => ({
      ts: Date.now() - 60_000 + sample,
      values: Object.fromEntries(
        Array.from({ length: NAMES_A_SAMPLE }, (__, n) => [
          `${prefix}${String(from + sample * NAMES_A_SAMPLE + n)}`,
          n,
        ]),
      ),
    }))
  const memory = async (): Promise<number> => {
    await sleep(run.quick ? 500 : 5000)
    return (await server.cost()).rssMb
  }
  try {
    // A busy life first: the young generation of every thread grows to its size under any load.
    const seconds = run.quick ? 2 : 15
    await runLoad({ port: server.mqttPort, devices: 100, values: 8, rate: 20_000, seconds })
    for (let n = 0; n < 100; n += 1) await send(0, attacker, message(0, 'known'))
    await server.drained()
    const before = await memory()
    const total = run.quick ? 60_000 : 1_000_000
    for (let from = 0; from < total; from += NAMES_A_MESSAGE) {
      await send(0, attacker, message(from))
      await send(1, neighbour, { ts: Date.now(), values: { chamber_c: from } })
    }
    await server.drained()
    const growth = (await memory()) - before
    type Answer = { readonly series: readonly { readonly points: readonly unknown[] }[] }
    const stored = await server.get<Answer>(`/readings?device=${attacker}`)
    const others = await server.get<Answer>(`/readings?device=${neighbour}`)
    const missing = Math.ceil(total / NAMES_A_MESSAGE) - (others.series[0]?.points.length ?? 0)
    run.say(
      `${String(total)} names: memory ${growth.toFixed(0)} MB more, ${String(stored.series.length)} stored, ` +
        `${String(missing)} samples of another missing`,
    )
    const most = (value: number) => ({ at: 'most' as const, value })
    return [
      {
        id: 'names-growth',
        what: 'a million invented names of signals: memory more',
        value: growth,
        unit: 'MB',
        target: most(100),
      },
      {
        id: 'names-stored',
        what: '… names stored',
        value: stored.series.length,
        unit: '',
        target: most(MAX_SIGNALS_PER_DEVICE),
      },
      {
        id: 'names-missing',
        what: '… samples of another missing',
        value: missing,
        unit: '',
        target: most(0),
      },
    ]
  } finally {
    for (const client of clients) client.end(true)
    await server.remove()
  }
}
