import { mkdtempSync, openSync, closeSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../../server/flows/ports.ts'
import { createHttp } from '../../../server/http/core/http.ts'
import { openDatabase, type Database } from '../../../server/store/sql/database.ts'
import { createProbe } from '../../../server/store/sql/probe.ts'
import { silentLog } from '../../support/silent-log.ts'

let dir: string
let file: string
let db: Database
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'held-'))
  file = join(dir, 'decisions.sqlite')
  db = openDatabase(file)
  await sql`create table note (text text)`.execute(db)
})
afterEach(async () => {
  await db.destroy()
  rmSync(dir, { recursive: true })
})

const note = (text: string) =>
  db.transaction().execute((unit) => sql`insert into note values (${text})`.execute(unit))
const notes = async () =>
  (await sql<{ text: string }>`select text from note`.execute(db)).rows.map(({ text }) => text)

describe('F5 a database that another program holds', () => {
  it('is waited for without stopping the process, refused in words after a while, and taken again once free', async () => {
    const stranger = new DatabaseSync(file)
    stranger.exec('begin exclusive')
    let turns = 0
    const turning = setInterval(() => turns++, 5)
    await expect(note('first')).rejects.toThrow(new StoreUnavailable('another program holds the file'))
    // Waiting within SQLite would have let no turn through.
    expect(turns).toBeGreaterThan(5)
    clearInterval(turning)
    // Those who come after do not queue up behind waits of their own.
    const settled: string[] = []
    const later = Promise.allSettled(['a', 'b', 'c'].map(note)).then(() => settled.push('writes'))
    expect(await notes()).toEqual([])
    await later
    await expect(createProbe(db)()).rejects.toThrow('another program holds the file')
    stranger.exec('rollback')
    stranger.close()
    await note('second')
    expect(await notes()).toEqual(['second'])
  })

  it('held for a moment only, costs that moment and nothing else', async () => {
    const stranger = new DatabaseSync(file)
    stranger.exec("begin exclusive; insert into note values ('stranger’s')")
    const mine = note('mine')
    await new Promise((resolve) => setTimeout(resolve, 50))
    stranger.exec('commit')
    stranger.close()
    await mine
    expect(await notes()).toEqual(['stranger’s', 'mine'])
  })

  it.each([new StoreUnavailable('another program'), Object.assign(new Error('no disk'), { code: 'ENOSPC' })])(
    'is a 503 to whoever asks, with a sentence, like any disk that refuses: %s',
    async (error) => {
      const http = await createHttp({ log: silentLog, identify: () => Promise.reject(error) })
      const answer = await http.inject({ url: '/x', headers: { authorization: 'Bearer k' } })
      expect(answer.statusCode).toBe(503)
      expect(answer.json()).toMatchObject({
        code: 'unavailable',
        detail: '服务器暂时不能保存,请稍后再试',
        detailEn: 'the server cannot save at this moment; try again in a while',
      })
      expect(answer.body).not.toContain(error.message)
      await http.close()
    },
  )
})

describe('F5 a transaction that SQLite has rolled back by itself', () => {
  it('tells what failed, and the next one works', async () => {
    const failing = db.transaction().execute(async (unit) => {
      // As after an error of the disk: the transaction is over before anybody rolls it back.
      await sql`rollback`.execute(unit)
      throw new Error('disk I/O error')
    })
    await expect(failing).rejects.toThrow('disk I/O error')
    await note('later')
    expect(await notes()).toEqual(['later'])
  })
})

describe('F6 a database with damaged pages', () => {
  it('is read where it can be, and nothing more is decided on it', async () => {
    await sql`create table far (body blob)`.execute(db)
    await sql`insert into far values (randomblob(60000))`.execute(db)
    await note('kept')
    await db.destroy()
    const out = openSync(file, 'r+')
    writeSync(out, Buffer.alloc(4096, 0xff), 0, 4096, 4096 * 2)
    closeSync(out)
    expect(statSync(file).size).toBeGreaterThan(60_000)

    db = openDatabase(file)
    expect(await notes()).toEqual(['kept'])
    await note('before it was noticed')
    await expect(sql`select count(*) from far where body = ${'x'}`.execute(db)).rejects.toThrow('malformed')
    await expect(note('after')).rejects.toThrow('damaged: restore a backup')
    await expect(createProbe(db)()).rejects.toThrow('damaged: restore a backup')
    expect(await notes()).toEqual(['kept', 'before it was noticed'])
  })
})
