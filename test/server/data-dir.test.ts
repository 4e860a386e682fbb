import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DataDirInUse, runningPid, takeDataDir } from '../../server/disk/data-dir.ts'

const fresh = () => join(mkdtempSync(join(tmpdir(), 'wellwatch-data-')), 'data')
const TAKE = `
  const { takeDataDir } = await import(process.argv[1])
  takeDataDir(process.argv[2], process.pid)
  process.kill(process.pid, 'SIGKILL')
`

const NOBODY = 65_534
const TRY = `
  const { takeDataDir } = await import(process.argv[1])
  try { takeDataDir(process.argv[2], process.pid) } catch (error) { console.log(error.name + ': ' + error.message) }
`

const LOSE_RIGHTS = `
  const { chmodSync } = await import('node:fs')
  const { takeDataDir } = await import(process.argv[1])
  const dir = takeDataDir(process.argv[2], process.pid)
  chmodSync(process.argv[2], 0o000)
  dir.installation.look()
  console.log('gone: ' + await dir.isGone())
  dir.release()
  chmodSync(process.argv[2], 0o700)
`

/** What the data directory answers to a user who owns it, but may not do everything in it. */
function askedByOwner(path: string, script = TRY): string {
  const isRoot = process.getuid?.() === 0
  if (isRoot) {
    for (const name of ['.', ...readdirSync(path)]) chownSync(join(path, name), NOBODY, NOBODY)
    for (const above of [dirname(path), tmpdir()]) chmodSync(above, statSync(above).mode | 0o111)
  }
  const as = isRoot ? ['setpriv', `--reuid=${String(NOBODY)}`, '--clear-groups'] : ['env']
  const module = new URL('../../server/disk/data-dir.ts', import.meta.url).pathname
  const [command = '', ...args] = [...as, process.execPath, '--input-type=module', '-e', script, module, path]
  return spawnSync(command, args).stdout.toString()
}

describe('the data directory', () => {
  it.each([
    ['lock', 0o444],
    ['sessions.sqlite', 0o444],
    ['clock', 0o444],
    ['journal', 0o555],
    ['readings', 0o555],
    ['device.key', 0o000],
  ])('whose %s cannot be written is refused by name, and not taken for one in use', (name, mode) => {
    const path = fresh()
    const held = takeDataDir(path, 1)
    held.secret('device')
    held.release()
    for (const folder of ['journal', 'readings']) mkdirSync(join(path, folder))
    for (const file of ['sessions.sqlite', 'clock']) writeFileSync(join(path, file), '')
    chmodSync(join(path, name), mode)
    expect(askedByOwner(path)).toContain(`UnusableDataDir: ${join(path, name)} cannot be written`)
  })

  it('without any rights is not taken for one in use', () => {
    const path = fresh()
    takeDataDir(path, 1).release()
    chmodSync(path, 0o000)
    expect(askedByOwner(path)).toMatch(/^UnusableDataDir: \S+lock cannot be written/)
    chmodSync(path, 0o700)
  })

  it.each([true, false])('that takes no new file is refused in words, with a server.pid: %s', (hasPid) => {
    const path = fresh()
    takeDataDir(path, 1).release()
    if (hasPid) writeFileSync(join(path, 'server.pid'), '1\n')
    chmodSync(path, 0o555)
    const named = hasPid ? path : join(path, 'server.pid')
    expect(askedByOwner(path)).toContain(`UnusableDataDir: ${named} cannot be written (EACCES)`)
    chmodSync(path, 0o700)
  })

  it('is not taken for gone where a running server loses its rights, and is let go all the same', () => {
    const path = fresh()
    takeDataDir(path, 1).release()
    expect(askedByOwner(path, LOSE_RIGHTS)).toBe('gone: false\n')
    takeDataDir(path, 2).release()
  })

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
    const module = new URL('../../server/disk/data-dir.ts', import.meta.url).pathname
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
    writeFileSync(join(newer, 'format'), '3\n')
    expect(() => takeDataDir(newer, 1)).toThrow('format 3, this one knows 2')
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
