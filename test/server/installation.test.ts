import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resetDemo } from '../../server/cli/demo.ts'
import { takeDataDir } from '../../server/disk/data-dir.ts'
import { furnishedDir } from '../support/world.ts'

let [own, others, shelf] = ['', '', '']
beforeAll(async () => {
  shelf = mkdtempSync(join(tmpdir(), 'installation-'))
  own = await aFilledDir()
  others = await aFilledDir()
})
afterAll(() => {
  for (const dir of [own, others, shelf]) rmSync(dir, { recursive: true, force: true })
})

/** What a server leaves that has run for some days. */
async function aFilledDir(): Promise<string> {
  const dir = await furnishedDir()
  for (const path of ['readings/raw/2026-01-14.db', 'readings/raw/2026-01-15.db', 'attachments/a1']) {
    writeFileSync(join(dir, path), 'some bytes')
  }
  takeDataDir(dir, 1).release()
  return dir
}

let copies = 0
function aCopy(): string {
  copies += 1
  const dir = join(shelf, String(copies))
  cpSync(own, dir, { recursive: true })
  return dir
}

type Harm = (dir: string, name: string) => void
const gone: Harm = (dir, name) => rmSync(join(dir, name), { recursive: true })
const empty: Harm = (dir, name) => truncateSync(join(dir, name), 0)
const emptied: Harm = (dir, name) => {
  gone(dir, name)
  mkdirSync(join(dir, name))
}
const cut: Harm = (dir, name) => truncateSync(join(dir, name), 10)
const foreign: Harm = (dir, name) => {
  gone(dir, name)
  cpSync(join(others, name), join(dir, name), { recursive: true })
}
const withoutTables: Harm = (dir, name) => {
  gone(dir, name)
  for (const suffix of ['-wal', '-shm']) rmSync(join(dir, name + suffix), { force: true })
  const db = new DatabaseSync(join(dir, name))
  db.exec('pragma journal_mode = wal; pragma user_version = 1')
  db.close()
}

describe('a data directory with a part that nothing is right without', () => {
  it.each([
    ['wellwatch.sqlite', 'gone', gone],
    ['wellwatch.sqlite', 'empty', empty],
    ['wellwatch.sqlite', 'without tables', withoutTables],
    ['wellwatch.sqlite', 'from another installation', foreign],
    ['journal', 'gone', gone],
    ['journal', 'emptied', emptied],
    ['readings', 'gone', gone],
    ['readings', 'emptied', emptied],
    ['readings/fresh.db', 'from another installation', foreign],
    ['sessions.sqlite', 'from another installation', foreign],
    ['device.key', 'gone', gone],
    ['device.key', 'empty', empty],
    ['device.key', 'cut', cut],
    ['device.key', 'from another installation', foreign],
  ])('%s %s is refused, names it and the backup, and changes nothing', (name, _how, harm) => {
    const dir = aCopy()
    harm(dir, name)
    const before = readdirSync(dir, { recursive: true }).sort()
    expect(() => takeDataDir(dir, 1)).toThrow(join(dir, name))
    expect(() => takeDataDir(dir, 1)).toThrow('restore the last backup')
    expect(readdirSync(dir, { recursive: true }).sort()).toEqual(before)
  })

  it('is begun without it once its inventory was deleted, but never without its database', () => {
    const dir = aCopy()
    gone(dir, 'device.key')
    gone(dir, 'installation.json')
    takeDataDir(dir, 1).release()
    gone(dir, 'wellwatch.sqlite')
    gone(dir, 'installation.json')
    expect(() => takeDataDir(dir, 1)).toThrow('wellwatch.sqlite is missing')
  })

  it('needs no readings where they lie in another store', () => {
    const dir = aCopy()
    gone(dir, 'readings')
    const held = takeDataDir(dir, 1, { readings: false })
    expect(held.installation.missing()).toEqual([])
    held.release()
  })

  it('is emptied all the same by a demo that begins anew', () => {
    const dir = aCopy()
    writeFileSync(join(dir, 'demo.json'), '{}')
    takeDataDir(dir, 1).release()
    gone(dir, 'wellwatch.sqlite')
    resetDemo(dir)
    expect(readdirSync(dir).filter((name) => !name.startsWith('lock'))).toEqual([])
    takeDataDir(dir, 1).release()
  })
})

describe('a data directory with a part that can be done without', () => {
  it.each([
    ['readings/fresh.db', gone],
    ['readings/fresh.db', empty],
    ['readings/raw/2026-01-15.db', gone],
    ['readings/raw/2026-01-14.db', empty],
    ['sessions.sqlite', gone],
    ['attachments', gone],
    ['attachments', emptied],
  ])('says that %s is missing, at the next start too, until it is back', (name, harm) => {
    const dir = aCopy()
    harm(dir, name)
    for (let start = 0; start < 2; start += 1) {
      const held = takeDataDir(dir, 1)
      held.installation.look()
      expect(held.installation.missing()).toEqual([name])
      held.release()
    }
    rmSync(join(dir, name), { recursive: true, force: true })
    cpSync(join(own, name), join(dir, name), { recursive: true })
    const held = takeDataDir(dir, 1)
    expect(held.installation.missing()).toEqual([])
    held.release()
  })

  it.each(['server.pid', 'clock', 'format', 'local.key', 'stored-embedded.json', 'installation.json'])(
    'misses nothing without its %s',
    (name) => {
      const dir = aCopy()
      rmSync(join(dir, name), { force: true })
      const held = takeDataDir(dir, 1)
      expect(held.installation.missing()).toEqual([])
      held.release()
      expect(existsSync(join(dir, 'installation.json'))).toBe(true)
    },
  )

  it('does not miss what retention removes while the server runs', () => {
    const dir = aCopy()
    const held = takeDataDir(dir, 1)
    gone(dir, 'readings/raw/2026-01-14.db')
    held.installation.look()
    expect(held.installation.missing()).toEqual([])
    held.release()
    takeDataDir(dir, 1).release()
  })

  it('names what was damaged and set aside', () => {
    const dir = aCopy()
    mkdirSync(join(dir, 'journal/quarantine'))
    const kept = [
      'sessions.sqlite.damaged-1',
      'readings/raw/2026-01-13.db.damaged-2',
      'journal/quarantine/1.bad',
    ]
    for (const name of [...kept, 'sessions.sqlite.damaged-1-wal']) writeFileSync(join(dir, name), 'x')
    const held = takeDataDir(dir, 1)
    expect(new Set(held.installation.setAside())).toEqual(new Set(kept))
    held.release()
  })
})

describe('a data directory of an older version', () => {
  it('is taken as it is, and what it holds is known from then on', () => {
    const dir = aCopy()
    gone(dir, 'installation.json')
    writeFileSync(join(dir, 'format'), '1\n')
    for (const name of ['wellwatch.sqlite', 'sessions.sqlite', 'readings/fresh.db']) {
      const db = new DatabaseSync(join(dir, name))
      db.exec('pragma application_id = 0')
      db.close()
    }
    const held = takeDataDir(dir, 1)
    expect(held.installation.missing()).toEqual([])
    held.release()
    gone(dir, 'device.key')
    expect(() => takeDataDir(dir, 1)).toThrow('device.key is missing')
  })
})

describe('the key of local commands', () => {
  it('is made anew when it was cut', () => {
    const dir = aCopy()
    cut(dir, 'local.key')
    const held = takeDataDir(dir, 1)
    expect(held.secret('local')).toHaveLength(43)
    held.release()
  })
})
