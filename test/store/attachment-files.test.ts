import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { DAY } from '../../server/domain/instant.ts'
import { createAttachmentCleaner } from '../../server/flows/ticket/remove-unused-attachments.ts'
import { silentLog } from '../support/silent-log.ts'
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
  const files = await createAttachmentFiles(dir, 64 * 1024 * 1024)
  await expect(files.write('a', Buffer.alloc(100_000, 1))).rejects.toThrow('ENOSPC')
  expect(readdirSync(dir)).toEqual([])
  await files.write('a', Buffer.alloc(40_000, 2))
  expect((await files.read('a'))?.length).toBe(40_000)
})

it('a file whose row the database has no room for goes too', async () => {
  const world = await aDeskWorld('12:00:00')
  onTestFinished(() => world.close())
  const dir = aDir()
  const files = await createAttachmentFiles(dir, 64 * 1024 * 1024)
  const desk = {
    ...world.services,
    store: { ...world.services.store, transact: () => Promise.reject(new Error('database or disk is full')) },
  }
  const asked = { name: 'a.pdf', bytes: Buffer.from('%PDF-1.4\n'), actor: PEOPLE.crew }
  await expect(keepAttachment(desk, files, asked)).rejects.toThrow('full')
  expect(readdirSync(dir)).toEqual([])
})

async function aPlace(maxBytes: number) {
  const world = await aDeskWorld('12:00:00')
  onTestFinished(() => world.close())
  const files = await createAttachmentFiles(aDir(), maxBytes)
  const { services } = world
  const send = (actor: typeof PEOPLE.crew, bytes: number) => {
    const page = Buffer.alloc(bytes, ' ')
    page.write('%PDF-1.4\n')
    return keepAttachment(services, files, { name: 'a.pdf', bytes: page, actor })
  }
  const kept = async (actor: typeof PEOPLE.crew, bytes: number): Promise<string> => {
    const answer = await send(actor, bytes)
    if (isRefusal(answer)) throw new Error(answer.detail)
    return answer.id
  }
  const parts = { store: services.store, files, clock: services.clock, log: silentLog }
  const clean = (at: number, realNow = at) =>
    Promise.resolve(createAttachmentCleaner({ ...parts, realNow: () => realNow }).run(at))
  return { services, files, send, kept, clean }
}

it('an attachment that nothing names goes after a day, one that a ticket names stays', async () => {
  const { services, files, kept, clean } = await aPlace(1_000_000)
  const [named, unnamed] = [await kept(PEOPLE.crew, 100), await kept(PEOPLE.crew, 100)]
  await services.store.read.attachments.markUsed([named])
  const now = services.clock.now()
  await clean(now + DAY - 1000)
  expect((await files.read(unnamed))?.length).toBe(100)
  await clean(now + DAY + 1000)
  expect(await files.read(unnamed)).toBeUndefined()
  expect(await services.store.read.attachments.load(unnamed)).toBeUndefined()
  expect((await files.read(named))?.length).toBe(100)
})

it('a file that a stop has left without its row goes after a day too', async () => {
  const { files, clean, services } = await aPlace(1_000_000)
  await files.write('stray', Buffer.from('x'))
  await clean(services.clock.now(), Date.now())
  expect(await files.read('stray')).toBeDefined()
  await clean(services.clock.now(), Date.now() + DAY + 60_000)
  expect(await files.read('stray')).toBeUndefined()
})

it('one account cannot fill the disk: 1 GiB a person in 24 hours, and a room for all', async () => {
  const { services, send } = await aPlace(25_000)
  expect(isRefusal(await send(PEOPLE.crew, 20_000))).toBe(false)
  expect(await send(PEOPLE.officer, 6_000)).toMatchObject({ code: 'unavailable' })
  expect(isRefusal(await send(PEOPLE.officer, 5_000))).toBe(false)
  const full = { id: 'f', name: 'f', type: 'application/pdf', bytes: 1024 ** 3, personId: PEOPLE.crew.id }
  await services.store.read.attachments.save({ ...full, createdAt: services.clock.now() - DAY + 1000 })
  expect(await send(PEOPLE.crew, 1)).toMatchObject({ code: 'too-many-requests' })
})
