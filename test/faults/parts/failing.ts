import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Part } from '../../bench/figure.ts'
import { startLoad } from '../../bench/load.ts'
import { lostSamples } from '../../bench/lost-samples.ts'
import { benchNetwork } from '../../bench/network.ts'
import { readBack } from '../../bench/parts/kill.ts'
import { startServer } from '../../bench/server.ts'

const DEVICES = 50
const DISK_BYTES = 1024 ** 3
const PATIENCE_MS = 15_000

/**
 * F5: the disk itself fails under load: a file system of its own goes read-only in the middle of a write, as
 * the kernel does it after an error of the device. Wants root and loop devices.
 */
export const failing: Part = async (run) => {
  const disk = aDisk()
  if (disk === undefined) {
    run.say('a disk of its own cannot be mounted here')
    return []
  }
  // Where the server's directory is made.
  process.env['TMPDIR'] = disk.folder
  const server = await startServer(benchNetwork(DEVICES, 0))
  const from = Date.now()
  try {
    disk.sync()
    const load = startLoad({ port: server.mqttPort, devices: DEVICES, values: 1, rate: 1000, keep: true })
    await load.begun
    await sleep(run.quick ? 2000 : 10_000)
    disk.fail()
    const began = performance.now()
    const status = async () => (await fetch(`${server.url}/readyz`)).status
    while ((await status()) !== 503 && performance.now() - began < PATIENCE_MS) await sleep(50)
    const toldMs = performance.now() - began
    const { kept } = await load.result
    await server.kill()
    disk.mend()
    await server.start()
    await server.drained()
    const lost = await lostSamples(kept, readBack(server, from))
    run.say(`told after ${toldMs.toFixed(0)} ms; ${String(lost)} of ${String(kept.length)} lost`)
    const most = (value: number) => ({ at: 'most' as const, value })
    return [
      { id: 'failing-lost', what: 'the disk fails: lost', value: lost, unit: 'samples', target: most(0) },
      {
        id: 'failing-acknowledged',
        what: 'the disk fails: acknowledged',
        unit: 'samples',
        value: kept.length,
      },
      {
        id: 'failing-told',
        what: 'the disk fails: /readyz says so',
        unit: 'ms',
        target: most(5000),
        value: toldMs,
      },
    ]
  } finally {
    await server.remove()
    disk.remove()
  }
}

function aDisk() {
  const dir = mkdtempSync(join(tmpdir(), 'failing-disk-'))
  const [image, folder] = [join(dir, 'image'), join(dir, 'mount')]
  writeFileSync(image, '')
  truncateSync(image, DISK_BYTES)
  mkdirSync(folder)
  const mount = ['-o', 'loop,errors=remount-ro', image, folder]
  const made = spawnSync('mkfs.ext4', ['-q', '-F', image]).status === 0
  if (!made || spawnSync('mount', mount).status !== 0) {
    rmSync(dir, { recursive: true })
    return undefined
  }
  return {
    folder,
    sync: () => execFileSync('sync', ['-f', folder]),
    fail: () => execFileSync('mount', ['-o', 'remount,abort', folder]),
    mend() {
      execFileSync('umount', [folder])
      execFileSync('mount', mount)
    },
    remove() {
      execFileSync('umount', ['--lazy', folder])
      rmSync(dir, { recursive: true })
    },
  }
}
