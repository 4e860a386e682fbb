import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeBackup } from '../../server/backup/backup.ts'
import { copyReadings } from '../../server/backup/copy-readings.ts'
import { restoreBackup } from '../../server/backup/restore.ts'
import { takeDataDir } from '../../server/disk/data-dir.ts'
import { EmbeddedReader } from '../../server/store/readings/embedded/reader.ts'
import { EmbeddedWriter } from '../../server/store/readings/embedded/writer.ts'
import { silentLog } from '../support/silent-log.ts'
import { furnishedDir } from '../support/world.ts'

let dataDir: string
let shelf: string
beforeAll(async () => {
  dataDir = await furnishedDir()
  shelf = mkdtempSync(join(tmpdir(), 'shelf-'))
})
afterAll(() => {
  for (const dir of [dataDir, shelf]) rmSync(dir, { recursive: true, force: true })
})

const backUp = (to: string, from = dataDir) =>
  makeBackup({ dataDir: from, to, version: '1.2.3', log: silentLog })
const restore = (from: string, to: string) =>
  restoreBackup({ from, dataDir: to, pid: process.pid, log: silentLog })

describe('a backup', () => {
  it.each([
    ['over something', () => shelf, () => dataDir, 'is already there'],
    ['into the data itself', () => join(dataDir, 'backup'), () => dataDir, 'lies in the data directory'],
    ['of nothing', () => join(shelf, 'b'), () => join(shelf, 'nowhere'), 'holds no database'],
  ])('is not made %s', async (_name, to, from, why) => {
    await expect(backUp(to(), from())).rejects.toThrow(why)
  })

  it('that is cut off leaves nothing that looks like one', async () => {
    const bad = join(shelf, 'bad-data')
    mkdirSync(bad)
    writeFileSync(
      join(bad, 'wellwatch.sqlite'),
      'this is no database at all, but long enough to be read as one',
    )
    await expect(backUp(join(shelf, 'bad'), bad)).rejects.toThrow()
    expect(readdirSync(shelf).filter((name) => name.startsWith('bad'))).toEqual(['bad-data'])
  })

  it('keeps the numbers of series that appear while it is made', async () => {
    const from = join(shelf, 'readings')
    const day = Date.UTC(2026, 0, 15)
    const reading = (deviceId: string, at: number) => ({
      measurement: 'well',
      deviceId,
      assetId: 'w1',
      network: 'primary',
      zone: '',
      at,
      fields: { chamber_c: 20 },
    })
    const retention = { rawDays: 31, minuteDays: 90, hourDays: 365 }
    const writer = new EmbeddedWriter({ dir: from, retention, log: silentLog })
    await writer.write([reading('d1', day)])
    // So many files that the copy is not done before the next device speaks.
    for (let n = 1; n <= 40; n += 1) new DatabaseSync(join(from, 'hours', `${String(2100 + n)}.db`)).close()
    const copying = copyReadings(from, join(shelf, 'copied'))
    await vi.waitFor(() => expect(existsSync(join(shelf, 'copied', 'fresh.db'))).toBe(true), { interval: 1 })
    expect(existsSync(join(shelf, 'copied', 'hours', '2140.db'))).toBe(false)
    await writer.write([reading('d2', day + 1000)])
    while (writer.maintain());
    await copying
    await writer.close()
    const db = new DatabaseSync(join(shelf, 'copied', 'fresh.db'))
    expect(
      db
        .prepare('select device from series order by id')
        .all()
        .map(({ device }) => device),
    ).toEqual(['d1', 'd2'])
    db.close()
    const history = new EmbeddedReader(join(shelf, 'copied'))
    const found = await history.query({ deviceId: 'd1', from: day, to: day + 60_000 })
    expect(found[0]?.points).toHaveLength(1)
    await history.close()
  })
})

describe('a restore', () => {
  it('gives back what was backed up, once into an empty directory', async () => {
    const backup = join(shelf, 'whole')
    const made = await backUp(backup)
    const to = join(shelf, 'again')
    const { manifest } = await restore(backup, to)
    expect(manifest).toEqual(made)
    expect(made.schema.length).toBeGreaterThan(10)
    expect(readdirSync(to)).toEqual(
      expect.arrayContaining(['wellwatch.sqlite', 'sessions.sqlite', 'device.key', 'journal', 'readings']),
    )
    await expect(restore(backup, to)).rejects.toThrow('is not empty')
  })

  it('is refused where a server runs, where anything else lies, and of a newer version', async () => {
    const backup = join(shelf, 'refused')
    await backUp(backup)
    const held = takeDataDir(join(shelf, 'held'), 4242)
    await expect(restore(backup, join(shelf, 'held'))).rejects.toThrow('in use')
    held.release()
    const home = join(shelf, 'home')
    mkdirSync(home)
    writeFileSync(join(home, 'letter.txt'), 'dear')
    await expect(restore(backup, home)).rejects.toThrow('is not empty')
    expect(readdirSync(home)).toEqual(['letter.txt'])
  })

  it('is refused from what is not whole, and leaves the directory alone', async () => {
    const backup = join(shelf, 'torn')
    const manifest = await backUp(backup)
    const to = join(shelf, 'untouched')
    const refused = (why: string) => expect(restore(backup, to)).rejects.toThrow(why)
    const write = (change: object) =>
      writeFileSync(join(backup, 'manifest.json'), JSON.stringify({ ...manifest, ...change }))

    write({ schema: [...manifest.schema, '0999-tomorrow'] })
    await refused('newer Wellwatch')
    write({ rows: { ...manifest.rows, person: 0 } })
    await refused('does not hold what the backup says')
    write({ journal: { records: 7 } })
    await refused('journal has')
    write({})
    appendFileSync(join(backup, 'format'), 'x')
    await refused('format has changed')
    rmSync(join(backup, 'format'))
    await refused('format is missing')
    writeFileSync(join(backup, 'manifest.json'), '{}')
    await refused('another kind or version')
    rmSync(join(backup, 'manifest.json'))
    await refused('holds no backup')
    expect(readdirSync(to)).toEqual(['lock'])
  })
})
