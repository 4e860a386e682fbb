import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, cpSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { LiveAlarm } from '#contract/live.ts'
import { openLiveStream } from '../support/live-stream.ts'
import { eventually, serverProcess, type ServerProcess } from '../support/server-process.ts'
import { storedTimes } from '../support/stored-times.ts'
import { openCover } from '../support/town.ts'
import { furnishedDir } from '../support/world.ts'

// Starting a server takes seconds where many processes share the machine.
vi.setConfig({ testTimeout: 120_000 })
const PATIENCE_MS = 40_000

let server: ServerProcess
afterEach(() => server.remove())

/** Elsewhere than on a machine where we may mount a disk, its parts have tests with a disk that refuses. */
const mayMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

/** A disk of 96 MiB of its own with a furnished data directory on it. */
async function aSmallDisk() {
  const mount = mkdtempSync(join(tmpdir(), 'small-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', mount])
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', mount])
    rmSync(mount, { recursive: true })
  })
  const furnished = await furnishedDir()
  const dir = join(mount, 'data')
  cpSync(furnished, dir, { recursive: true, filter: (path) => !path.endsWith('reserve') })
  rmSync(furnished, { recursive: true })
  const filler = join(mount, 'filler')
  return {
    dir,
    isBallastHeld: () => existsSync(join(dir, 'reserve', 'ballast')),
    /** To the last block. */
    fill() {
      const file = openSync(filler, 'a')
      for (const bytes of [1 << 20, 1 << 12]) {
        try {
          for (;;) writeSync(file, Buffer.alloc(bytes, 1))
        } catch (error) {
          expect(error).toMatchObject({ code: 'ENOSPC' })
        }
      }
      closeSync(file)
    },
    clear: () => rmSync(filler),
  }
}

/** A device that keeps and sends again what is not acknowledged, until told to stop. */
function aDevice(from: number) {
  const acknowledged: number[] = []
  // No two values alike, so that nothing of it can be stored small.
  const extra = (n: number) =>
    Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`x${String(i)}`, Math.sin(n * 977 + i * 31) * 1000]),
    )
  const sample = (n: number) => ({ ts: from + n, values: { battery_v: 3.6, ...extra(n) } })
  let isOn = true
  let isRefused = false
  const done = (async () => {
    for (let i = 0; isOn;) {
      const body = Array.from({ length: 20 }, (_, n) => sample(i * 20 + n))
      isRefused = !(await isAcknowledged(body))
      if (isRefused) await new Promise((resolve) => setTimeout(resolve, 100))
      else acknowledged.push(from + i++ * 20)
    }
  })()
  return {
    acknowledged,
    isRefused: () => isRefused,
    async stop() {
      isOn = false
      await done
    },
  }
}

/** An entrance that cannot keep a message hangs up instead of acknowledging it. */
async function isAcknowledged(body: readonly object[]): Promise<boolean> {
  const client = await server.device('dev-w2').catch(() => undefined)
  if (client === undefined) return false
  return new Promise((resolve) => {
    const hungUp = (): void => resolve(false)
    client.once('close', hungUp)
    client.publish('dh/v1/dev-w2/telemetry', JSON.stringify(body), { qos: 1 }, (error) => {
      client.off('close', hungUp)
      resolve(!error)
    })
  })
}

const ready = async () => {
  const response = await fetch(`${server.url}/readyz`)
  return { status: response.status, text: await response.text() }
}

describe('F5 a disk filled to its last block', () => {
  it.runIf(mayMount)(
    'a full disk stops acknowledgements before anything is lost, says so on the wall, and mends without a restart',
    async () => {
      const disk = await aSmallDisk()
      server = await serverProcess(disk.dir, { env: { WELLWATCH_JOURNAL_SEGMENT_MB: '1' } })
      await server.start()
      const wall = await openLiveStream(server.url, { cookie: await server.as('wall').cookie() })
      const alarm = (words: string) => wall.next<LiveAlarm>('alarm', ({ text }) => text.zh.includes(words))
      await server.publish('dev-w1', openCover(Date.now() - 40_000, 3))
      const [ticket] = await eventually(
        () => server.as('dispatcher').tickets(),
        (tickets) => tickets.length === 1,
      )
      expect(disk.isBallastHeld()).toBe(true)
      const from = Date.now() - 3_600_000
      const device = aDevice(from)
      await eventually(
        () => Promise.resolve(device.acknowledged.length),
        (count) => count > 50,
      )

      // First the reserve is given back, and with it tickets can be saved again.
      disk.fill()
      await eventually(
        () => Promise.resolve(disk.isBallastHeld()),
        (held) => !held,
        PATIENCE_MS,
      )
      await alarm('磁盘空间不足')
      await eventually(
        () => server.as('dispatcher').command(ticket?.id ?? '', 'note', { text: '磁盘将满' }),
        ({ status }) => status === 200,
        PATIENCE_MS,
      )
      // Then that is used up too: nothing more is promised, from the wall to /readyz.
      disk.fill()
      await eventually(
        () => Promise.resolve(device.isRefused()),
        (refused) => refused,
        PATIENCE_MS,
      )
      const refused = await eventually(ready, ({ text }) => text.includes('journal:'), PATIENCE_MS)
      expect(refused.status).toBe(503)
      await eventually(
        () => Promise.resolve(wall.events.filter(({ event }) => event === 'alarm')),
        (alarms) => JSON.stringify(alarms).includes('数据不能落盘'),
        PATIENCE_MS,
      )

      disk.clear()
      const promised = device.acknowledged.length
      await eventually(ready, ({ status }) => status === 200, PATIENCE_MS)
      await eventually(
        () => Promise.resolve(device.acknowledged.length),
        (count) => count > promised,
      )
      await device.stop()
      await eventually(
        () => Promise.resolve(disk.isBallastHeld()),
        (held) => held,
        PATIENCE_MS,
      )
      expect(
        (await server.as('dispatcher').command(ticket?.id ?? '', 'note', { text: '已清理' })).status,
      ).toBe(200)
      await eventually(
        () => storedTimes(server, 'dev-w2', from),
        (stored) => device.acknowledged.every((ts) => stored.has(ts)),
        PATIENCE_MS,
      )
      expect(await server.as('dispatcher').tickets()).toHaveLength(1)
      wall.close()
      expect(await server.stop()).toBe(0)
      const db = new DatabaseSync(join(disk.dir, 'wellwatch.sqlite'))
      expect(db.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' })
      db.close()
    },
  )
})
