import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DetectionStore } from '../../../server/flows/detection/detection-store.ts'
import { openDatabase, type Database } from '../../../server/store/sql/database.ts'
import { createDetectionStore } from '../../../server/store/sql/detection-store.ts'
import { migrate } from '../../../server/store/sql/migrate.ts'

let db: Database
let store: DetectionStore

beforeEach(async () => {
  db = openDatabase(':memory:')
  await migrate(db)
  store = createDetectionStore(db)
})
afterEach(() => db.destroy())

const part = (name: string, body: string) => ({ name, body })
const parts = async () =>
  Object.fromEntries(((await store.load())?.parts ?? []).map(({ name, body }) => [name, body]))
const rows = async () =>
  (await db.selectFrom('detection_part').select(['name', 'body']).orderBy('body').execute()).map(
    ({ body }) => body,
  )

describe('the detector’s state in SQL', () => {
  it('is what was written before the last commit, part by part, whether the older was dropped or not', async () => {
    await store.write([part('a', 'a1'), part('b', 'b1')])
    await store.commit({ cursor: 10, judgedTo: 1000, aliveAt: 1000 })
    await store.write([part('a', 'a2')])
    expect(await parts()).toEqual({ a: 'a1', b: 'b1' })
    await store.write([part('a', 'a2')])
    await store.commit({ cursor: 20, judgedTo: 2000, aliveAt: 2000 })
    expect(await parts()).toEqual({ a: 'a2', b: 'b1' })
    expect(await rows()).toEqual(['a1', 'a2', 'b1'])
    await store.forgetOlder(['a'])
    expect(await rows()).toEqual(['a2', 'b1'])
    expect(await store.load()).toMatchObject({ cursor: 20, aliveAt: 2000 })
  })

  it('drops nothing that the next commit is to replace, nor a part that it does not name', async () => {
    await store.write([part('a', 'a1'), part('b', 'b1')])
    await store.commit({ cursor: 10, judgedTo: 1000, aliveAt: 1000 })
    await store.write([part('a', 'a2'), part('b', 'b2')])
    await store.forgetOlder(['a', 'b'])
    expect(await parts()).toEqual({ a: 'a1', b: 'b1' })
    await store.write([part('a', 'a2'), part('b', 'b2')])
    await store.commit({ cursor: 20, judgedTo: 2000, aliveAt: 2000 })
    await store.forgetOlder(['b'])
    expect(await rows()).toEqual(['a1', 'a2', 'b2'])
  })

  it('keeps the ticks that came behind the checkpoint, also at the same place of the journal', async () => {
    for (const [cursor, at] of [
      [9, 900],
      [10, 1000],
      [10, 1001],
      [11, 1002],
    ] as const)
      await store.saveTick({ cursor, at })
    await store.commit({ cursor: 10, judgedTo: 1000, aliveAt: 5000 })
    expect((await store.load())?.ticks).toMatchObject([
      { cursor: 10, at: 1001 },
      { cursor: 11, at: 1002 },
    ])
  })
})
