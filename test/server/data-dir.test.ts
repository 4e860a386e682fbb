import { mkdirSync, mkdtempSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DataDirInUse, runningPid, takeDataDir } from '../../server/process/data-dir.ts'

const fresh = () => join(mkdtempSync(join(tmpdir(), 'wellwatch-data-')), 'data')
const TAKE = `
  const { takeDataDir } = await import(process.argv[1])
  takeDataDir(process.argv[2], process.pid)
  process.kill(process.pid, 'SIGKILL')
`

describe('the data directory', () => {
  it('F19 is refused to a second process while the first one runs', () => {
    const path = fresh()
    const held = takeDataDir(path, 4242)
    expect(() => takeDataDir(path, 4343)).toThrow(DataDirInUse)
    expect(() => takeDataDir(path, 4343)).toThrow('pid 4242')
    held.release()
    takeDataDir(path, 4343).release()
  })

  it('is free again after kill -9', () => {
    const path = fresh()
    const module = new URL('../../server/process/data-dir.ts', import.meta.url).pathname
    const killed = spawnSync('node', ['--input-type=module', '-e', TAKE, module, path])
    expect(killed.signal).toBe('SIGKILL')
    expect(runningPid(path)).toBeGreaterThan(0)
    takeDataDir(path, 1).release()
  })

  it('F5 is known to be gone once it was removed, or another lies in its place', async () => {
    for (const replace of [false, true]) {
      const path = fresh()
      const held = takeDataDir(path, 1)
      expect(await held.isGone()).toBe(false)
      renameSync(path, `${path}-elsewhere`)
      if (replace) takeDataDir(path, 2).release()
      expect(await held.isGone()).toBe(true)
      held.release()
    }
  })

  it('is refused when a newer version has written it, or a restore was cut off', () => {
    const newer = fresh()
    takeDataDir(newer, 1).release()
    writeFileSync(join(newer, 'format'), '2\n')
    expect(() => takeDataDir(newer, 1)).toThrow('format 2, this one knows 1')
    const half = fresh()
    mkdirSync(join(half, 'restoring'), { recursive: true })
    expect(() => takeDataDir(half, 1)).toThrow('was cut off')
  })

  it('makes each secret once and keeps it from other users', () => {
    const path = fresh()
    const held = takeDataDir(path, 1)
    expect(held.secret('device')).toBe(held.secret('device'))
    expect(held.secret('device')).not.toBe(held.secret('local'))
    expect(statSync(join(path, 'device.key')).mode & 0o777).toBe(0o600)
    held.release()
  })
})
