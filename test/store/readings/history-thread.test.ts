import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHistoryPages, type HistoryPages } from '../../../server/flows/readings/history-pages.ts'
import { startHistoryThread } from '../../../server/store/readings/history-thread.ts'
import { openReadingsHistory, openReadingsWriter } from '../../../server/store/readings/open-readings.ts'
import { silentLog } from '../../support/silent-log.ts'
import { embeddedSettings } from './embedded-settings.ts'

const FROM = Date.parse('2026-01-15T00:00:00+08:00')
const SIGNALS = 60
const SAMPLES = 3000
const query = { deviceId: 'd1', from: FROM, to: FROM + SAMPLES * 10_000, limit: 1000 }

let dir: string
let thread: HistoryPages

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'history-thread-'))
  const settings = embeddedSettings(dir)
  const writer = openReadingsWriter(settings, silentLog)
  const names = Array.from({ length: SIGNALS }, (_, n) => `extra_${String(n)}`)
  await writer.write(
    Array.from({ length: SAMPLES }, (_, i) => ({
      measurement: 'well',
      deviceId: 'd1',
      assetId: 'w1',
      network: 'primary',
      zone: '',
      at: FROM + i * 10_000,
      fields: Object.fromEntries(names.map((name, n) => [name, i + n / 10])),
    })),
  )
  await writer.close()
  thread = startHistoryThread(settings, silentLog)
})
afterAll(async () => {
  await thread.close()
  rmSync(dir, { recursive: true })
})

it('answers what the store answers, and the loop turns while many signals are decoded', async () => {
  const here = openReadingsHistory(embeddedSettings(dir))
  const expected = await createHistoryPages(here).read(query)
  await here.close()
  let turns = 0
  let isOver = false
  const others = (async () => {
    for (; !isOver; turns += 1) await nextTurn()
  })()
  const pages = await Promise.all([thread.read(query), thread.read({ ...query, deviceId: 'nobody' })])
  isOver = true
  await others
  expect(turns).toBeGreaterThan(100)
  expect(pages[0]).toEqual(expected)
  expect(expected.json.length).toBeGreaterThan(SIGNALS * 1000 * 10)
  expect(pages[1]).toEqual({ json: '{"series":[]}', isEmpty: true })
})

it('says that the history is away where the thread has ended, and reads again with the next question', async () => {
  const asked = thread.read(query)
  await thread.close()
  await expect(asked).rejects.toThrow('the reader of the history fell')
  expect((await thread.read(query)).isEmpty).toBe(false)
})
