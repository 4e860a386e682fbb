import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { keepAttachment } from '../../server/flows/ticket/keep-attachment.ts'
import { createAttachmentFiles } from '../../server/store/attachment-files.ts'
import { aDeskWorld, PEOPLE } from '../support/desk-world.ts'

const mayMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

function aDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'attachments-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

it.runIf(mayMount)('a file that the disk has no room for leaves nothing behind', async () => {
  const dir = aDir()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir])
  onTestFinished(() => void execFileSync('umount', ['--lazy', dir]))
  const files = await createAttachmentFiles(dir)
  await expect(files.write('a', Buffer.alloc(100_000, 1))).rejects.toThrow('ENOSPC')
  expect(readdirSync(dir)).toEqual([])
  await files.write('a', Buffer.alloc(40_000, 2))
  expect((await files.read('a'))?.length).toBe(40_000)
})

it('a file whose row the database has no room for goes too', async () => {
  const world = await aDeskWorld('12:00:00')
  onTestFinished(() => world.close())
  const dir = aDir()
  const files = await createAttachmentFiles(dir)
  const desk = {
    ...world.desk,
    store: { ...world.desk.store, transact: () => Promise.reject(new Error('database or disk is full')) },
  }
  const asked = { name: 'a.pdf', bytes: Buffer.from('%PDF-1.4\n'), actor: PEOPLE.crew }
  await expect(keepAttachment(desk, files, asked)).rejects.toThrow('full')
  expect(readdirSync(dir)).toEqual([])
})
