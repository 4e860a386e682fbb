import { cpSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HEADER_BYTES } from '../../server/journal/segment.ts'
import {
  aJournal,
  aMessage,
  append,
  appendAll,
  numberOf,
  numbers,
  readAll,
  segmentFiles,
  tempDir,
} from './support.ts'

/** A folder as a crash leaves it: `count` acknowledged records in one segment that was never sealed. */
async function crashedAfter(count: number): Promise<{ dir: string; file: string; ends: number[] }> {
  const live = tempDir()
  const journal = await aJournal(live)
  await appendAll(journal, 0, count)
  const dir = tempDir()
  cpSync(live, dir, { recursive: true })
  const ends = (await readAll(journal)).map((entry) => entry.next)
  await journal.close()
  const [file = ''] = segmentFiles(dir)
  return { dir, file, ends }
}

/** Opens the folder, reads everything, appends one more and reads it from where reading had ended. */
async function recovered(dir: string) {
  const journal = await aJournal(dir)
  const entries = await readAll(journal)
  const cursor = entries.at(-1)?.next ?? 0
  await append(journal, aMessage(9999))
  const more = await readAll(journal, cursor)
  const stats = journal.stats()
  await journal.close()
  return { found: entries.map(numberOf), more: more.map(numberOf), stats }
}

function flipBit(file: string, bit: number): void {
  const bytes = readFileSync(file)
  const at = Math.floor(bit / 8)
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit % 8)), at)
  writeFileSync(file, bytes)
}

/** The file as format 1 wrote it: one header of 32 bytes without a check. */
function asFormat1(file: string): void {
  const bytes = readFileSync(file)
  const header = Buffer.alloc(32)
  bytes.copy(header, 0, 0, 28)
  header.write('WWJ1')
  writeFileSync(file, Buffer.concat([header, bytes.subarray(HEADER_BYTES)]))
}

const quarantined = (dir: string): string[] =>
  readdirSync(dir).includes('quarantine') ? readdirSync(join(dir, 'quarantine')) : []

describe('F6 a torn tail', () => {
  it('cut at any byte of the last two records loses only what was cut', async () => {
    const original = await crashedAfter(6)
    const ends = original.ends.map((end) => HEADER_BYTES + end)
    for (let cut = ends[3] ?? 0; cut <= (ends[5] ?? 0); cut += 1) {
      const dir = tempDir()
      cpSync(original.dir, dir, { recursive: true })
      truncateSync(segmentFiles(dir)[0] ?? '', cut)
      const { found, more, stats } = await recovered(dir)
      expect(found, `cut at ${cut}`).toEqual(numbers(0, ends.filter((end) => end <= cut).length))
      expect(more).toEqual([9999])
      expect(stats.badStretches).toBe(ends.includes(cut) ? 0 : 1)
      expect(quarantined(dir)).toHaveLength(stats.badStretches)
    }
  })

  it('filled with zeros from any byte on loses only what was zeroed', async () => {
    const original = await crashedAfter(4)
    const ends = original.ends.map((end) => HEADER_BYTES + end)
    for (let from = ends[2] ?? 0; from < (ends[3] ?? 0); from += 5) {
      const dir = tempDir()
      cpSync(original.dir, dir, { recursive: true })
      const [file = ''] = segmentFiles(dir)
      writeFileSync(file, readFileSync(file).fill(0, from))
      const { found, more } = await recovered(dir)
      expect(found, `zeros from ${from}`).toEqual(numbers(0, 3))
      expect(more).toEqual([9999])
    }
  })

  it('followed by garbage sets the garbage aside and nothing else', async () => {
    const { dir, file, ends } = await crashedAfter(5)
    const bytes = readFileSync(file)
    bytes.fill(0xab, HEADER_BYTES + (ends[4] ?? 0), HEADER_BYTES + (ends[4] ?? 0) + 700)
    writeFileSync(file, bytes)
    const { found, more, stats } = await recovered(dir)
    expect([found, more]).toEqual([numbers(0, 5), [9999]])
    expect(stats).toMatchObject({ badStretches: 1, badBytes: 700 })
    const [copy = ''] = quarantined(dir)
    expect(readFileSync(join(dir, 'quarantine', copy))).toEqual(Buffer.alloc(700, 0xab))
  })

  it('with any one bit flipped loses one record at most, and says so', async () => {
    const original = await crashedAfter(12)
    const end = original.ends.at(-1) ?? 0
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: end * 8 - 1 }), async (bit) => {
        const dir = tempDir()
        cpSync(original.dir, dir, { recursive: true })
        flipBit(segmentFiles(dir)[0] ?? '', HEADER_BYTES * 8 + bit)
        const { found, more, stats } = await recovered(dir)
        const hit = original.ends.findIndex((recordEnd) => Math.floor(bit / 8) < recordEnd)
        expect(found).toEqual(numbers(0, 12).filter((n) => n !== hit))
        expect(more).toEqual([9999])
        expect(stats.badStretches).toBe(1)
      }),
      { numRuns: 60 },
    )
  })

  it('with any one bit of the header flipped loses nothing', async () => {
    const original = await crashedAfter(12)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: HEADER_BYTES * 8 - 1 }), async (bit) => {
        const dir = tempDir()
        cpSync(original.dir, dir, { recursive: true })
        flipBit(segmentFiles(dir)[0] ?? '', bit)
        const { found, more, stats } = await recovered(dir)
        expect([found, more]).toEqual([numbers(0, 12), [9999]])
        expect(stats.badStretches).toBe(0)
      }),
      { numRuns: 60, examples: [[0], [40], [100], [140], [8 * 512]] },
    )
  })

  it('with both headers damaged sets the whole segment aside, byte for byte', async () => {
    const { dir, file } = await crashedAfter(12)
    flipBit(file, 8 * 14)
    flipBit(file, 8 * (512 + 14))
    const before = readFileSync(file)
    const { found, more, stats } = await recovered(dir)
    expect([found, more]).toEqual([[], [9999]])
    expect(stats.badStretches).toBe(1)
    expect(quarantined(dir)).toEqual([basename(file)])
    expect(readFileSync(join(dir, 'quarantine', basename(file)))).toEqual(before)
  })

  it('never hides a new record from a consumer that had read the lost one', async () => {
    const { dir, file, ends } = await crashedAfter(5)
    writeFileSync(file, readFileSync(file).fill(0, HEADER_BYTES + (ends[2] ?? 0)))
    const journal = await aJournal(dir)
    await append(journal, aMessage(77))
    expect((await readAll(journal, ends[4])).map(numberOf)).toEqual([77])
    await journal.close()
  })
})

describe('F6 damage within an old segment', () => {
  /** Several full segments, sealed; the journal is closed. */
  async function severalSegments(): Promise<{ dir: string; files: string[] }> {
    const dir = tempDir()
    const journal = await aJournal(dir)
    for (let i = 0; i < 8; i += 1) await appendAll(journal, i * 250, (i + 1) * 250, 100)
    await journal.close()
    return { dir, files: segmentFiles(dir) }
  }

  it('costs one record where one is damaged, and reading goes on within the segment', async () => {
    const { dir, files } = await severalSegments()
    const bytes = readFileSync(files[1] ?? '')
    bytes.writeUInt8(bytes.readUInt8(5000) ^ 0x40, 5000)
    writeFileSync(files[1] ?? '', bytes)
    const { found, more, stats } = await recovered(dir)
    expect(found).toHaveLength(1999)
    expect(more).toEqual([9999])
    expect(stats.badStretches).toBe(1)
  })

  it('costs the segment where its header is gone, and reading goes on with the next', async () => {
    const { dir, files } = await severalSegments()
    writeFileSync(files[1] ?? '', readFileSync(files[1] ?? '').fill(0xff, 0, HEADER_BYTES))
    const { found, stats } = await recovered(dir)
    expect(found.length).toBeGreaterThan(1000)
    expect(found.at(-1)).toBe(1999)
    expect(stats.badStretches).toBe(1)
  })

  it('is counted where a sealed segment lost its end, and does not stop anybody', async () => {
    const { dir, files } = await severalSegments()
    truncateSync(files[1] ?? '', 40_000)
    const { found, stats } = await recovered(dir)
    expect(found.length).toBeLessThan(2000)
    expect(found.at(-1)).toBe(1999)
    expect(stats.badStretches).toBeGreaterThanOrEqual(1)
  })

  it('that comes while a consumer waits at it does not make it spin', async () => {
    const dir = tempDir()
    const journal = await aJournal(dir)
    await appendAll(journal, 0, 3)
    const [file = ''] = segmentFiles(dir)
    writeFileSync(file, readFileSync(file).fill(0xff, HEADER_BYTES))
    expect(await journal.read(0, 1000)).toEqual([])
    const stop = new AbortController()
    let woken = false
    const waiting = journal.waitBeyond(0, stop.signal).then(() => (woken = true))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(woken).toBe(false)
    await append(journal, aMessage(3))
    await waiting
    expect((await readAll(journal)).map(numberOf)).toEqual([3])
    await journal.close()
  })
})

describe('a journal of an older version', () => {
  it('is read as it is, and written on in the new format', async () => {
    const { dir, file } = await crashedAfter(6)
    asFormat1(file)
    const { found, more, stats } = await recovered(dir)
    expect([found, more]).toEqual([numbers(0, 6), [9999]])
    expect(stats.badStretches).toBe(0)
    expect(readFileSync(segmentFiles(dir).at(-1) ?? '').toString('latin1', 0, 4)).toBe('WWJ2')
  })

  it.each([
    ['name of the format', 1],
    ['seed of the checks', 13],
    ['place before it', 26],
  ])('whose only header has a flipped bit in its %s is set aside whole', async (_name, at) => {
    const { dir, file } = await crashedAfter(6)
    asFormat1(file)
    flipBit(file, 8 * at + 6)
    const { found, more, stats } = await recovered(dir)
    expect([found, more]).toEqual([[], [9999]])
    expect(stats.badStretches).toBe(1)
    expect(quarantined(dir)).toEqual([basename(file)])
  })
})

it('refuses a segment that another installation has written', async () => {
  const dir = tempDir()
  const journal = await aJournal(dir, { installation: 7 })
  await appendAll(journal, 0, 3)
  await journal.close()
  await expect(aJournal(dir, { installation: 8 })).rejects.toThrow(segmentFiles(dir)[0])
  const again = await aJournal(dir, { installation: 7 })
  expect((await readAll(again)).map(numberOf)).toEqual([0, 1, 2])
  await again.close()
})

it('leaves no files behind when it is only opened and closed', async () => {
  const dir = tempDir()
  for (let i = 0; i < 5; i += 1) await (await aJournal(dir)).close()
  expect(segmentFiles(dir)).toHaveLength(1)
})
