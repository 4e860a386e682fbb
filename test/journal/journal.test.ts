import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { HEADER_BYTES } from '../../server/journal/segment.ts'
import {
  aJournal,
  aMessage,
  append,
  appendAll,
  fault,
  faultyDisk,
  numberOf,
  numbers,
  readAll,
  segmentFiles,
  tempDir,
  type Faults,
} from './support.ts'

describe('appending', () => {
  it('calls back only after the record is on disk', async () => {
    const gate = Promise.withResolvers<undefined>()
    const faults: Faults = { datasyncs: 0 }
    const journal = await aJournal(tempDir(), { disk: faultyDisk(faults) })
    faults.hold = gate.promise.then(() => {})
    let acknowledged = false
    const done = append(journal, aMessage(1)).then(() => (acknowledged = true))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(acknowledged).toBe(false)
    expect(await journal.read(0, 1000)).toEqual([])
    gate.resolve(undefined)
    await done
    expect((await readAll(journal)).map(numberOf)).toEqual([1])
    await journal.close()
  })

  it('commits in one sync what arrives while another is under way', async () => {
    const faults: Faults = { datasyncs: 0 }
    const journal = await aJournal(tempDir(), { disk: faultyDisk(faults) })
    const before = faults.datasyncs
    const first = append(journal, aMessage(0))
    await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([first, appendAll(journal, 1, 200)])
    expect(faults.datasyncs - before).toBeLessThanOrEqual(3)
    expect((await readAll(journal)).map(numberOf)).toEqual(numbers(0, 200))
    await journal.close()
  })

  it('goes on over many segments, in order', async () => {
    const dir = tempDir()
    const journal = await aJournal(dir)
    for (let i = 0; i < 10; i += 1) await appendAll(journal, i * 300, (i + 1) * 300, 100)
    expect(segmentFiles(dir).length).toBeGreaterThan(3)
    const entries = await readAll(journal)
    expect(entries.map(numberOf)).toEqual(numbers(0, 3000))
    expect(entries.every((entry, i) => i === 0 || entry.cursor === entries[i - 1]?.next)).toBe(true)
    await journal.close()
  })

  it('takes messages of 64 KiB, one a segment, and refuses larger ones', async () => {
    const journal = await aJournal(tempDir())
    for (let i = 0; i < 4; i += 1) await append(journal, aMessage(i, 64 * 1024))
    await expect(append(journal, aMessage(9, 64 * 1024 + 1))).rejects.toThrow(RangeError)
    expect((await readAll(journal)).map(numberOf)).toEqual([0, 1, 2, 3])
    await journal.close()
  })

  it('refuses what does not fit in memory while the disk is slow, and takes the next again', async () => {
    const gate = Promise.withResolvers<undefined>()
    const faults: Faults = { datasyncs: 0 }
    const journal = await aJournal(tempDir(), {
      disk: faultyDisk(faults),
      maxPendingBytes: 70_000,
      maxWaitingBytes: 0,
    })
    faults.hold = gate.promise.then(() => {})
    const first = append(journal, aMessage(0))
    await new Promise((resolve) => setTimeout(resolve, 20))
    const second = append(journal, aMessage(1, 60_000))
    await expect(append(journal, aMessage(2, 60_000))).rejects.toMatchObject({
      name: 'JournalFull',
      why: 'busy',
    })
    gate.resolve(undefined)
    await Promise.all([first, second, append(journal, aMessage(3))])
    expect((await readAll(journal)).map(numberOf)).toEqual([0, 1, 3])
    await journal.close()
  })

  it('keeps a burst that is larger than a group, in its order, up to a bound', async () => {
    const gate = Promise.withResolvers<undefined>()
    const faults: Faults = { datasyncs: 0 }
    const bounds = { maxPendingBytes: 70_000, maxWaitingBytes: 200_000 }
    const journal = await aJournal(tempDir(), { disk: faultyDisk(faults), ...bounds })
    faults.hold = gate.promise.then(() => {})
    const first = append(journal, aMessage(0))
    await new Promise((resolve) => setTimeout(resolve, 20))
    const burst = [1, 2, 3, 4].map((number) => append(journal, aMessage(number, 60_000)))
    const small = append(journal, aMessage(5))
    await expect(append(journal, aMessage(6, 60_000))).rejects.toMatchObject({ why: 'busy' })
    gate.resolve(undefined)
    await Promise.all([first, ...burst, small])
    expect((await readAll(journal)).map(numberOf)).toEqual([0, 1, 2, 3, 4, 5])
    expect(journal.stats().pendingBytes).toBe(0)
    await journal.close()
  })

  it('answers everybody though one callback throws', async () => {
    const journal = await aJournal(tempDir())
    const mistakes: unknown[] = []
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.once('uncaughtException', (error) => mistakes.push(error))
    journal.append(aMessage(0), () => {
      throw new Error('a mistake of the caller')
    })
    await append(journal, aMessage(1))
    await append(journal, aMessage(2))
    expect(mistakes).toHaveLength(1)
    for (const listener of listeners) process.on('uncaughtException', listener)
    await journal.close()
  })

  it('keeps its files from other users', async () => {
    const dir = join(tempDir(), 'journal')
    const journal = await aJournal(dir)
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    expect(segmentFiles(dir).map((file) => statSync(file).mode & 0o777)).toEqual([0o600])
    await journal.close()
  })

  it('commits what is pending when it closes, and takes nothing after', async () => {
    const dir = tempDir()
    const journal = await aJournal(dir)
    const pending = appendAll(journal, 0, 50)
    await journal.close()
    await pending
    await expect(append(journal, aMessage(99))).rejects.toThrow('closed')
    const again = await aJournal(dir)
    expect((await readAll(again)).map(numberOf)).toEqual(numbers(0, 50))
    await again.close()
  })
})

describe('reading', () => {
  it('tells no consumer of a loss after restarts that left segments without records', async () => {
    const dir = tempDir()
    const first = await aJournal(dir)
    await append(first, aMessage(0))
    const saved = (await first.read(0, 1024)).at(-1)?.next ?? 0
    first.advance('detector', saved)
    await first.close()
    for (let restart = 0; restart < 3; restart += 1) {
      const journal = await aJournal(dir)
      expect(journal.start()).toBeLessThanOrEqual(saved)
      await journal.close()
    }
    const fresh = tempDir()
    for (let restart = 0; restart < 3; restart += 1) {
      const journal = await aJournal(fresh)
      expect(journal.start()).toBe(0)
      await journal.close()
    }
  })

  it('goes on from a saved cursor after a restart, without a repeat or a gap', async () => {
    const dir = tempDir()
    let cursor = 0
    const seen: number[] = []
    for (let round = 0; round < 4; round += 1) {
      const journal = await aJournal(dir)
      await appendAll(journal, round * 100, (round + 1) * 100)
      const entries = await journal.read(cursor, 5000)
      seen.push(...entries.map(numberOf))
      cursor = entries.at(-1)?.next ?? cursor
      await journal.close()
    }
    const journal = await aJournal(dir)
    seen.push(...(await readAll(journal, cursor)).map(numberOf))
    expect(seen).toEqual(numbers(0, 400))
    await journal.close()
  })

  it('keeps to the bytes it is asked for, yet always gives one record', async () => {
    const journal = await aJournal(tempDir())
    await appendAll(journal, 0, 20, 1000)
    expect((await journal.read(0, 3200)).map(numberOf)).toEqual([0, 1, 2])
    expect((await journal.read(0, 1)).map(numberOf)).toEqual([0])
    await journal.close()
  })

  it.each([1, 7, 1000])('shows the same where it lies, stopped after every %i records', async (enough) => {
    const journal = await aJournal(tempDir())
    await appendAll(journal, 0, 1500, 100)
    const shown: unknown[] = []
    for (let at = 0, last = -1; at !== last;) {
      last = at
      let left = enough
      at = await journal.visit(at, 16 * 1024, ({ cursor, next, deviceId, channel, receivedAt, ...where }) => {
        const body = Buffer.from(where.bytes.subarray(where.body, where.end))
        shown.push({ cursor, next, message: { deviceId, channel, receivedAt, body } })
        return (left -= 1) > 0
      })
    }
    expect(shown).toEqual(await readAll(journal))
    await journal.close()
  })

  it('goes on beyond records that were damaged or deleted while it had others in memory', async () => {
    const dir = tempDir()
    const journal = await aJournal(dir)
    await appendAll(journal, 0, 1500, 100)
    const entries = await readAll(journal)
    const damaged = entries[300]
    const file = segmentFiles(dir)[0] ?? ''
    const bytes = readFileSync(file)
    bytes[HEADER_BYTES + (damaged?.cursor ?? 0) + 30] = 0
    writeFileSync(file, bytes)
    const seen: number[] = []
    const see = async (from: number, many: number) =>
      await journal.visit(from, 16 * 1024, ({ cursor }) => seen.push(cursor) % many > 0)
    let at = await see(0, 10)
    while (at < (damaged?.next ?? 0)) at = await see(at, 10)
    const cursors = entries.map(({ cursor }) => cursor)
    expect(seen).toEqual(cursors.slice(0, seen.length + 1).filter((cursor) => cursor !== damaged?.cursor))
    journal.advance('detector', journal.durableEnd())
    await expect.poll(() => journal.start()).toBeGreaterThan(at)
    const start = journal.start()
    seen.length = 0
    await see(at, 10)
    expect(seen[0]).toBeGreaterThanOrEqual(start)
    await journal.close()
  })

  it('waits for what is beyond a cursor and wakes at once, or when aborted', async () => {
    const journal = await aJournal(tempDir())
    const stop = new AbortController()
    const woken = journal.waitBeyond(journal.durableEnd(), stop.signal)
    await append(journal, aMessage(0))
    await woken
    await journal.waitBeyond(0, stop.signal)
    const asleep = journal.waitBeyond(journal.durableEnd(), stop.signal)
    stop.abort()
    await asleep
    await journal.close()
  })

  it('works from another thread', async () => {
    const dir = tempDir()
    const journal = await aJournal(dir)
    const worker = new Worker(new URL('./reader-thread.ts', import.meta.url), {
      workerData: { dir, shared: journal.shared, until: 1500 },
    })
    const counted = new Promise<unknown>((resolve, reject) =>
      worker.on('message', resolve).on('error', reject),
    )
    for (let i = 0; i < 15; i += 1) {
      await appendAll(journal, i * 100, (i + 1) * 100, 200)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(await counted).toEqual(numbers(0, 1500))
    await worker.terminate()
    await journal.close()
  })
})

describe('a journal that lost its folder', () => {
  it('puts new records beyond the cursors that consumers still have', async () => {
    const journal = await aJournal(tempDir())
    journal.advance('detector', 1_000_000)
    await append(journal, aMessage(0))
    const [entry] = await journal.read(1_000_000, 1000)
    expect(entry && numberOf(entry)).toBe(0)
    expect(entry?.cursor).toBeGreaterThanOrEqual(1_000_000)
    await journal.close()
  })
})

describe('an impossible set-up', () => {
  it('is refused in words', async () => {
    await expect(aJournal(tempDir(), { segmentBytes: 1000 })).rejects.toThrow('too small')
    await expect(aJournal(tempDir(), { capacityBytes: 100_000 })).rejects.toThrow('two segments')
    const journal = await aJournal(tempDir())
    expect(() => journal.advance('nobody', 0)).toThrow('nobody')
    await journal.close()
  })
  it('lets a broken disk through', async () => {
    const dir = tempDir()
    mkdirSync(join(dir, 'x'))
    const disk = faultyDisk({ datasyncs: 0, datasync: fault('EIO') })
    await expect(aJournal(join(dir, 'x'), { disk })).rejects.toThrow('EIO')
  })
})
