import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ForwarderCheckpoint } from '../../../server/flows/readings/forward-readings.ts'
import { checkpointFile } from '../../../server/store/readings/checkpoint-file.ts'
import { silentLog } from '../../support/silent-log.ts'

const mayMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

function aDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'checkpoint-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
/** A town's clocks take several blocks. */
const checkpoint = (cursor: number): ForwarderCheckpoint => ({
  cursor,
  clocks: Array.from({ length: 500 }, (_, n) => [`device-${String(n)}`, { offsetMs: n } as never]),
})

describe('F5 the place in the journal', () => {
  it('one that was cut off is no reason to store nothing any more', () => {
    const path = join(aDir(), 'stored.json')
    writeFileSync(path, '{"cursor":12,"clo')
    const error = vi.fn()
    const checkpoints = checkpointFile(path, { ...silentLog, error })
    expect(checkpoints.load()).toBeUndefined()
    expect(error).toHaveBeenCalledOnce()
    checkpoints.save(checkpoint(7))
    expect(checkpoints.load()?.cursor).toBe(7)
  })

  it.runIf(mayMount)('on a disk that is nearly full the last whole one stays', () => {
    const dir = aDir()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', dir])
    onTestFinished(() => void execFileSync('umount', ['--lazy', dir]))
    const path = join(dir, 'stored.json')
    const checkpoints = checkpointFile(path, silentLog)
    checkpoints.save(checkpoint(1))
    const { bavail, bsize } = statfsSync(dir)
    // Two blocks are left: a part of the checkpoint fits.
    writeFileSync(join(dir, 'filler'), Buffer.alloc((bavail - 2) * bsize, 1))
    expect(() => checkpoints.save(checkpoint(2))).toThrow(/^the disk is full$/)
    expect(checkpoints.load()).toEqual(checkpoint(1))
    rmSync(join(dir, 'filler'))
    checkpoints.save(checkpoint(3))
    expect(checkpoints.load()?.cursor).toBe(3)
    expect(existsSync(`${path}.new`)).toBe(false)
  })
})
