import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { percentile, type Part } from '../../bench/figure.ts'
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
    const third = Math.floor(looks.length / 3)
    const middle = looks.slice(third, 2 * third)
    const end = looks.slice(2 * third)
    // Memory breathes with every collection: what grows, grows between the medians. The first third is warming up.
    const growth = percentile(memoryOf(end), 0.5) - percentile(memoryOf(middle), 0.5)
    const settled = [...middle, ...end]
    const files = (settled.at(-1)?.files ?? 0) - (settled[0]?.files ?? 0)
    const walMb = Math.max(...looks.map((one) => one.walMb))
    run.say(
      `${String(acknowledged)} messages; memory ${growth.toFixed(0)} MB more, ${String(files)} files more, WAL ${walMb.toFixed(0)} MB at most`,
    )
    const most = (value: number) => ({ at: 'most' as const, value })
    return [
      {
        id: 'soak-growth',
        what: 'soak: memory more, last third over the middle third',
        value: growth,
        unit: 'MB',
        ...(run.quick ? {} : { target: most(60) }),
      },
      { id: 'soak-memory', what: 'soak: memory at most', value: Math.max(...memoryOf(looks)), unit: 'MB' },
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

function memoryOf(looks: readonly Look[]): readonly number[] {
  return looks.map(({ rssMb }) => rssMb)
}
