import { setTimeout as sleep } from 'node:timers/promises'
import type { Figure, Part, Run } from '../figure.ts'
import { startLoad } from '../load.ts'
import { benchNetwork } from '../network.ts'
import { lostSamples } from '../lost-samples.ts'
import { startServer } from '../server.ts'

/** kill -9 under load, round after round: what was acknowledged must be readable after the restart. */
export const kill: Part = (run) => killRounds(run, run.quick ? 1 : ROUNDS)

export async function killRounds(run: Run, rounds: number): Promise<readonly Figure[]> {
  const server = await startServer(benchNetwork(DEVICES, 0))
  let [acknowledged, lost] = [0, 0]
  let slowest = Infinity
  const restarts: number[] = []
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const from = Date.now()
      const load = startLoad({ port: server.mqttPort, devices: DEVICES, values: 1, rate: RATE, keep: true })
      await load.begun
      // Nobody chooses when the power goes: somewhere within a second.
      await sleep((run.quick ? 1500 : 3000) + Math.random() * 1000)
      await server.kill()
      const { kept, seconds } = await load.result
      const began = performance.now()
      await server.start()
      restarts.push(performance.now() - began)
      await server.drained()
      const gone = await lostSamples(kept, readBack(server, from))
      run.say(
        `round ${String(round)}: ${String(kept.length)} acknowledged at ${(kept.length / seconds).toFixed(0)}/s, ` +
          `${String(gone)} lost, up again after ${(restarts.at(-1) ?? 0).toFixed(0)} ms`,
      )
      acknowledged += kept.length
      lost += gone
      slowest = Math.min(slowest, kept.length / seconds)
    }
  } finally {
    await server.remove()
  }
  return figures({ acknowledged, lost, slowest, restartMs: Math.max(...restarts) })
}

const DEVICES = 100
const ROUNDS = 5
/** Above what is promised, so that a slow round is still a round at 5,000. */
const RATE = 6000

interface Page {
  readonly series: readonly { readonly points: readonly (readonly [number, number])[] }[]
  readonly next?: string
}

/** All that GET /readings has of a device since then, page by page. */
export function readBack(server: { get<T>(path: string): Promise<T> }, from: number) {
  return async (deviceId: string): Promise<ReadonlyMap<number, number>> => {
    const found = new Map<number, number>()
    const query = `/readings?device=${deviceId}&signal=pressure_mpa&from=${String(from)}&to=${String(Date.now() + 60_000)}`
    let cursor: string | undefined
    do {
      const page: Page = await server.get(cursor === undefined ? query : `${query}&cursor=${cursor}`)
      for (const { points } of page.series) for (const [at, value] of points) found.set(at, value)
      cursor = page.next
    } while (cursor !== undefined)
    return found
  }
}

function figures(sum: { acknowledged: number; lost: number; slowest: number; restartMs: number }): Figure[] {
  return [
    {
      id: 'kill-lost',
      what: 'kill -9: acknowledged and lost',
      value: sum.lost,
      unit: 'samples',
      target: { at: 'most', value: 0 },
    },
    {
      id: 'kill-acknowledged',
      what: 'kill -9: acknowledged in all rounds',
      value: sum.acknowledged,
      unit: 'samples',
    },
    {
      id: 'kill-rate',
      what: 'kill -9: acknowledged a second, slowest round',
      value: sum.slowest,
      unit: 'msg/s',
      target: { at: 'least', value: 5000 },
    },
    { id: 'kill-restart', what: 'kill -9: up again, slowest round', value: sum.restartMs, unit: 'ms' },
  ]
}
