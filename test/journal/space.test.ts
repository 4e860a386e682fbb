import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { JournalFull } from '../../server/flows/ports.ts'
import { createBallast } from '../../server/journal/ballast.ts'
import { realDisk, type Disk } from '../../server/journal/disk.ts'
import type { OpenJournal } from '../../server/journal/journal.ts'
import {
  aJournal,
  aMessage,
  append,
  appendAll,
  budgetDisk,
  fault,
  faultyDisk,
  numberOf,
  numbers,
  readAll,
  segmentFiles,
  SMALL_SEGMENT,
  tempDir,
  type Faults,
} from './support.ts'

const TWO_CONSUMERS = [
  { name: 'detector', mayLose: false },
  { name: 'readings', mayLose: true },
]

/** Appends until the journal refuses; returns how many it took. */
async function fill(journal: OpenJournal, from = 0, most = 5000): Promise<number> {
  for (let i = from; i < from + most; i += 1) {
    const error = await append(journal, aMessage(i, 2000)).then(
      () => undefined,
      (refusal: unknown) => refusal,
    )
    if (error === undefined) continue
    expect(error).toBeInstanceOf(JournalFull)
    return i
  }
  return from + most
}

async function consumeAll(journal: OpenJournal, consumer: string): Promise<void> {
  const entries = await readAll(journal)
  journal.advance(consumer, entries.at(-1)?.next ?? 0)
}

/** Deletion happens behind the call. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(condition()).toBe(true)
}

describe('consumed segments', () => {
  it('go once every consumer has passed them', async () => {
    const dir = tempDir()
    const journal = await aJournal(dir, { consumers: TWO_CONSUMERS })
    for (let i = 0; i < 8; i += 1) await appendAll(journal, i * 300, (i + 1) * 300, 100)
    const before = segmentFiles(dir).length
    await consumeAll(journal, 'detector')
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(segmentFiles(dir)).toHaveLength(before)
    await consumeAll(journal, 'readings')
    await until(() => segmentFiles(dir).length === 1)
    expect(journal.start()).toBeGreaterThan(0)
    await append(journal, aMessage(9))
    expect((await readAll(journal)).map(numberOf).at(-1)).toBe(9)
    await journal.close()
  })

  it('stay up to the least that is to be kept', async () => {
    const dir = tempDir()
    const journal = await aJournal(dir, { keepBytes: 3 * SMALL_SEGMENT })
    for (let i = 0; i < 10; i += 1) await appendAll(journal, i * 300, (i + 1) * 300, 100)
    await consumeAll(journal, 'detector')
    await until(() => segmentFiles(dir).length <= 5)
    expect(segmentFiles(dir).length).toBeGreaterThanOrEqual(4)
    await journal.close()
  })
})

describe('a journal at its capacity', () => {
  const capacityBytes = 4 * SMALL_SEGMENT

  it('acknowledges nothing that the detector would lose, and goes on as soon as it has caught up', async () => {
    const journal = await aJournal(tempDir(), { capacityBytes, consumers: TWO_CONSUMERS })
    const taken = await fill(journal)
    await expect(append(journal, aMessage(0, 2000))).rejects.toMatchObject({ why: 'capacity' })
    expect(journal.stats()).toMatchObject({ evicted: 0, refusing: 'journal is full: capacity' })
    expect(journal.stats().usedBytes).toBeLessThanOrEqual(capacityBytes)
    expect((await readAll(journal)).map(numberOf)).toEqual(numbers(0, taken))
    await consumeAll(journal, 'detector')
    await append(journal, aMessage(taken, 2000))
    expect(journal.stats().refusing).toBeUndefined()
    await journal.close()
  })

  it('lets the oldest go that only the readings store lacks, counts them, and shows where it begins', async () => {
    const journal = await aJournal(tempDir(), { capacityBytes, consumers: TWO_CONSUMERS })
    for (let i = 0; i < 400; i += 1) {
      await append(journal, aMessage(i, 2000))
      journal.advance('detector', journal.durableEnd())
    }
    const left = (await readAll(journal)).map(numberOf)
    expect(left.at(-1)).toBe(399)
    expect(left).toEqual(numbers(left[0] ?? 0, 400))
    expect(left.length).toBeLessThan(400)
    expect(journal.stats().evicted).toBe(400 - left.length)
    expect(journal.start()).toBeGreaterThan(0)
    await journal.close()
  })

  it('deletes nothing before every consumer has been heard', async () => {
    const journal = await aJournal(tempDir(), { capacityBytes, consumers: TWO_CONSUMERS })
    const taken = await fill(journal)
    expect((await readAll(journal)).map(numberOf)).toEqual(numbers(0, taken))
    await journal.close()
  })
})

describe('F5 a disk that refuses', () => {
  it('stops acknowledgements and loses none, and needs no restart', async () => {
    const faults: Faults = { datasyncs: 0 }
    const journal = await aJournal(tempDir(), { disk: faultyDisk(faults) })
    await appendAll(journal, 0, 10)
    for (const code of ['ENOSPC', 'EDQUOT']) {
      faults.write = fault(code)
      await expect(append(journal, aMessage(666))).rejects.toMatchObject({ why: 'disk' })
      faults.write = undefined
      await new Promise((resolve) => setTimeout(resolve, 270))
      await append(journal, aMessage(10))
    }
    expect((await readAll(journal)).map(numberOf)).toEqual([...numbers(0, 10), 10, 10])
    await journal.close()
  })

  it('is not trusted with the same file after a failed sync', async () => {
    const dir = tempDir()
    const faults: Faults = { datasyncs: 0 }
    const journal = await aJournal(dir, { disk: faultyDisk(faults) })
    await append(journal, aMessage(0))
    faults.datasync = fault('EIO')
    await expect(append(journal, aMessage(1))).rejects.toThrow('could not write')
    faults.datasync = undefined
    await new Promise((resolve) => setTimeout(resolve, 270))
    await append(journal, aMessage(2))
    expect(segmentFiles(dir)).toHaveLength(2)
    const found = (await readAll(journal)).map(numberOf)
    expect(found.filter((n) => n !== 1)).toEqual([0, 2])
    await journal.close()
  })

  it.each(['write', 'datasync', 'open', 'rename', 'syncFolder', 'list', 'remove', 'read'] as const)(
    'at %s keeps what was acknowledged before, during and after, in order, and needs no restart',
    async (what) => {
      const dir = tempDir()
      const faults: Faults = { datasyncs: 0 }
      const journal = await aJournal(dir, { disk: faultyDisk(faults) })
      const acknowledged: number[] = []
      const tryAll = async (from: number, to: number): Promise<void> => {
        for (const n of numbers(from, to)) {
          const done = append(journal, aMessage(n, 30_000))
          await done.then(() => acknowledged.push(n)).catch(() => undefined)
        }
      }
      await tryAll(0, 5)
      // Two of these messages fill a segment, so that every kind of call comes up.
      faults[what] = fault('EIO')
      await tryAll(5, 11)
      await readAll(journal).catch((error: unknown) => expect(error).toBe(faults[what]))
      faults[what] = undefined
      await new Promise((resolve) => setTimeout(resolve, 270))
      await tryAll(11, 16)
      expect(acknowledged).toEqual(expect.arrayContaining([...numbers(0, 5), ...numbers(11, 16)]))
      expect(journal.stats().refusing).toBeUndefined()
      const found = (await readAll(journal)).map(numberOf)
      expect(found.filter((n) => acknowledged.includes(n))).toEqual(acknowledged)
      await journal.close()

      const again = await aJournal(dir)
      const kept = (await readAll(again)).map(numberOf)
      expect(kept.filter((n) => acknowledged.includes(n))).toEqual(acknowledged)
      await again.close()
    },
  )

  it('says that nothing is taken for as long as it is so, though consumers go on', async () => {
    const faults: Faults = { datasyncs: 0 }
    const journal = await aJournal(tempDir(), { disk: faultyDisk(faults) })
    await append(journal, aMessage(0))
    faults.write = fault('EROFS')
    await expect(append(journal, aMessage(1))).rejects.toMatchObject({ why: 'disk' })
    journal.advance('detector', 0)
    expect(journal.stats().refusing).toBe('journal is full: disk')
    faults.write = undefined
    await append(journal, aMessage(2))
    expect(journal.stats().refusing).toBeUndefined()
    await journal.close()
  })

  it('with too little left is not filled to its end, and the journal opens all the same', async () => {
    const faults: Faults = { datasyncs: 0, freeBytes: 1000 }
    const journal = await aJournal(tempDir(), { disk: faultyDisk(faults), keepFree: 0.01 })
    await expect(append(journal, aMessage(0))).rejects.toMatchObject({ why: 'disk' })
    expect(journal.stats().refusing).toBe('journal is full: disk')
    faults.freeBytes = undefined
    // Nobody publishes; whoever looks at the figures finds out.
    await until(() => journal.stats().refusing === undefined)
    await append(journal, aMessage(1))
    expect((await readAll(journal)).map(numberOf)).toEqual([1])
    await journal.close()
  })

  it.each(smallDisks())('%s fills up and empties without a restart', async (_, prepare) => {
    const dir = tempDir()
    const disk = prepare(dir)
    const journal = await aJournal(join(dir, 'journal'), { disk, segmentBytes: 512 * 1024, keepFree: 0.05 })
    const taken = await fill(journal)
    expect(taken).toBeGreaterThan(200)
    expect(taken).toBeLessThan(2100)
    await expect(append(journal, aMessage(0, 2000))).rejects.toMatchObject({ why: 'disk' })
    // The share that is left free lets the databases beside it go on.
    writeFileSync(join(dir, 'still-room'), Buffer.alloc(100 * 1024))
    expect((await readAll(journal)).map(numberOf)).toEqual(numbers(0, taken))
    await consumeAll(journal, 'detector')
    await append(journal, aMessage(taken, 2000))
    await journal.close()
  })
})

/** A real file system of 4 MiB where we may mount one, and everywhere a disk that keeps to a budget. */
function smallDisks(): [string, (dir: string) => Disk][] {
  const budget = (dir: string): Disk => budgetDisk(dir, 4 * 1024 * 1024)
  const tmpfs = (dir: string): Disk => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', dir])
    onTestFinished(() => void execFileSync('umount', [dir]))
    return realDisk
  }
  return mayMount()
    ? [
        ['a disk with a budget of 4 MiB', budget],
        ['a tmpfs of 4 MiB', tmpfs],
      ]
    : [['a disk with a budget of 4 MiB', budget]]
}

function mayMount(): boolean {
  return spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
}

describe('F5 ballast', () => {
  it('takes room up, gives it back, and is taken up again only where there is room twice over', async () => {
    const dir = join(tempDir(), 'data')
    const faults: Faults = { datasyncs: 0 }
    const ballast = await createBallast(dir, { bytes: 300_000, disk: faultyDisk(faults) })
    expect([ballast.held(), await ballast.hold(), ballast.held()]).toEqual([false, true, true])
    expect(statSync(join(dir, 'ballast')).size).toBe(300_000)
    expect((await createBallast(dir, { bytes: 300_000 })).held()).toBe(true)
    await ballast.release()
    expect(readdirSync(dir)).toEqual([])
    faults.freeBytes = 500_000
    expect(await ballast.hold()).toBe(false)
    faults.freeBytes = undefined
    expect(await ballast.hold()).toBe(true)
  })
})

it('refuses a folder that is a file, in the disk’s own words', async () => {
  const dir = tempDir()
  mkdirSync(join(dir, 'a'))
  writeFileSync(join(dir, 'a', 'journal'), '')
  await expect(aJournal(join(dir, 'a', 'journal'))).rejects.toThrow('EEXIST')
})
