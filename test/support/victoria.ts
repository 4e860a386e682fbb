import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childServer, freePort, type ChildServer } from './child-server.ts'

export interface Victoria extends ChildServer {
  readonly url: string
  /** Every stored point of a series by its Prometheus name: [ms, value]. */
  points(name: string): Promise<[number, number][]>
  remove(): Promise<void>
}

/** A real victoria-metrics, which takes InfluxDB 2's `/api/v2/write`. */
export async function startVictoria(): Promise<Victoria> {
  const dir = mkdtempSync(join(tmpdir(), 'victoria-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${String(port)}`
  const args = [
    `-storageDataPath=${dir}`,
    `-httpListenAddr=127.0.0.1:${String(port)}`,
    '-retentionPeriod=100y',
    '-loggerLevel=ERROR',
    '-memory.allowedBytes=128MB',
  ]
  const server = childServer('victoria-metrics', args, `${url}/health`)
  await server.start()
  return {
    ...server,
    url,
    async points(name) {
      // What was written is visible a moment after the flush.
      for (const until = Date.now() + 10_000; ; await sleep(50)) {
        const points = await exported(url, name)
        if (points.length > 0 || Date.now() > until) return points
      }
    },
    async remove() {
      await server.signal('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function exported(url: string, name: string): Promise<[number, number][]> {
  await fetch(`${url}/internal/force_flush`)
  const query = new URLSearchParams({ 'match[]': name })
  const text = await (await fetch(`${url}/api/v1/export?${query.toString()}`)).text()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { timestamps: number[]; values: number[] })
    .flatMap(({ timestamps, values }) => timestamps.map((at, i): [number, number] => [at, values[i] ?? NaN]))
}
