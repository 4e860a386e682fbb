import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { StoringMark } from '../../../server/flows/readings/store-readings.ts'
import { markFile } from '../../../server/store/readings/mark-file.ts'
import { silentLog } from '../../support/silent-log.ts'

const mayMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

function aDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mark-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
/** A town's clocks take several blocks. */
const mark = (cursor: number): StoringMark => ({
  cursor,
  clocks: Array.from({ length: 500 }, (_, n) => [`device-${String(n)}`, { offsetMs: n } as never]),
})

describe('F5 the place in the journal', () => {
  it('one that was cut off is no reason to store nothing any more', () => {
    const path = join(aDir(), 'stored.json')
    writeFileSync(path, '{"cursor":12,"clo')
    const error = vi.fn()
    const marks = markFile(path, { ...silentLog, error })
    expect(marks.load()).toBeUndefined()
    expect(error).toHaveBeenCalledOnce()
    marks.save(mark(7))
    expect(marks.load()?.cursor).toBe(7)
  })

  it.runIf(mayMount)('on a disk that is nearly full the last whole one stays', () => {
    const dir = aDir()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', dir])
    onTestFinished(() => void execFileSync('umount', ['--lazy', dir]))
    const path = join(dir, 'stored.json')
    const marks = markFile(path, silentLog)
    marks.save(mark(1))
    const { bavail, bsize } = statfsSync(dir)
    // Two blocks are left: a part of the mark fits.
    writeFileSync(join(dir, 'filler'), Buffer.alloc((bavail - 2) * bsize, 1))
    expect(() => marks.save(mark(2))).toThrow(/^the disk is full$/)
    expect(marks.load()).toEqual(mark(1))
    rmSync(join(dir, 'filler'))
    marks.save(mark(3))
    expect(marks.load()?.cursor).toBe(3)
    expect(existsSync(`${path}.new`)).toBe(false)
  })
})
