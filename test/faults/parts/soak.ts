import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Part } from '../../bench/figure.ts'
import { openFeed } from '../../bench/feed.ts'
import { startLoad } from '../../bench/load.ts'
import { benchNetwork } from '../../bench/network.ts'
import { SECRET, startServer, type BenchServer } from '../../bench/server.ts'

/** Ten times nominal: half an hour stands for five. */
const RATE = 1000
const DEVICES = 1000

interface Look {
  readonly minutes: number
  readonly rssMb: number
  readonly files: number
  readonly walMb: number
}

/** F22: half an hour at ten times the nominal rate, a screen open; memory, files and write-ahead logs. */
export const soak: Part = async (run) => {
  const server = await startServer(benchNetwork(DEVICES, 0))
  const feed = await openFeed(server.url, { username: 'wall', password: SECRET })
  try {
    const load = startLoad({ port: server.mqttPort, devices: DEVICES, values: 8, rate: RATE })
    await load.begun
    const looks: Look[] = []
    const began = performance.now()
    for (let n = 0; n < (run.quick ? 4 : 60); n += 1) {
      await sleep(run.quick ? 1000 : 30_000)
      looks.push(await look(server, (performance.now() - began) / 60_000))
      if (n % 10 === 9) run.say(JSON.stringify(looks.at(-1)))
    }
    load.stop()
    const { acknowledged } = await load.result
    // What is warm by a third of the time is not counted as growth.
    const settled = looks.slice(Math.floor(looks.length / 3))
    const slope = slopeOf(settled) * 60
    const files = (settled.at(-1)?.files ?? 0) - (settled[0]?.files ?? 0)
    const walMb = Math.max(...looks.map((one) => one.walMb))
    run.say(
      `${String(acknowledged)} messages; memory ${slope.toFixed(1)} MB an hour, ${String(files)} files more, WAL ${walMb.toFixed(0)} MB at most`,
    )
    const most = (value: number) => ({ at: 'most' as const, value })
    return [
      {
        id: 'soak-slope',
        what: 'soak: memory an hour',
        value: slope,
        unit: 'MB',
        ...(run.quick ? {} : { target: most(20) }),
      },
      {
        id: 'soak-memory',
        what: 'soak: memory at the end',
        value: looks.at(-1)?.rssMb ?? Infinity,
        unit: 'MB',
        target: most(500),
      },
      { id: 'soak-files', what: 'soak: open files more', value: files, unit: '', target: most(10) },
      { id: 'soak-wal', what: 'soak: write-ahead logs at most', value: walMb, unit: 'MB', target: most(128) },
    ]
  } finally {
    feed.close()
    await server.remove()
  }
}

async function look(server: BenchServer, minutes: number): Promise<Look> {
  const { rssMb } = await server.cost()
  const files = readdirSync(`/proc/${String(server.pid)}/fd`).length
  const names = readdirSync(server.dir, { recursive: true, encoding: 'utf8' })
  const bytes = names.filter((name) => name.endsWith('-wal')).map((name) => sizeOf(join(server.dir, name)))
  return { minutes, rssMb, files, walMb: bytes.reduce((sum, size) => sum + size, 0) / 2 ** 20 }
}

/** A write-ahead log may go while it is looked at. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** Least squares, MB a minute. */
function slopeOf(looks: readonly Look[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(looks.map(({ minutes }) => minutes)), mean(looks.map(({ rssMb }) => rssMb))]
  const over = looks.reduce((sum, { minutes, rssMb }) => sum + (minutes - x) * (rssMb - y), 0)
  const under = looks.reduce((sum, { minutes }) => sum + (minutes - x) ** 2, 0)
  return under === 0 ? 0 : over / under
}
