import { describe, expect, it } from 'vitest'
import { createIngest } from '../../../server/flows/readings/ingest.ts'
import { createQuarantine } from '../../../server/flows/readings/quarantine.ts'
import { createRecentMessages, type DecodedEntry } from '../../../server/flows/readings/recent-messages.ts'
import { decodeMessage } from '../../../server/domain/telemetry/decode.ts'
import { aJournal, readAll, tempDir } from '../../journal/support.ts'

const anEntry = (cursor: number, next = cursor + 10): DecodedEntry => ({
  cursor,
  next,
  message: { deviceId: 'd1', channel: 'status', receivedAt: cursor },
  decoded: { kind: 'status', state: 'online' },
})
const cursors = (entries: readonly DecodedEntry[]) => entries.map(({ cursor }) => cursor)

describe('recent messages', () => {
  it('are handed on from the place that was asked for, once', () => {
    const recent = createRecentMessages()
    for (const cursor of [100, 110, 120]) recent.keep(anEntry(cursor))
    expect(cursors(recent.take(100))).toEqual([100, 110, 120])
    expect(recent.take(100)).toEqual([])
    recent.keep(anEntry(130))
    expect(cursors(recent.take(130))).toEqual([130])
  })

  it('from the middle leave out what was read elsewhere', () => {
    const recent = createRecentMessages()
    for (const cursor of [100, 110, 120]) recent.keep(anEntry(cursor))
    expect(cursors(recent.take(110))).toEqual([110, 120])
  })

  it('send to the journal whoever is behind them, or stands where none begins', () => {
    const recent = createRecentMessages()
    for (const cursor of [100, 110]) recent.keep(anEntry(cursor))
    expect(recent.take(90)).toEqual([])
    expect(recent.take(105)).toEqual([])
    expect(cursors(recent.take(110))).toEqual([110])
  })

  it('never bridge a gap in the journal', () => {
    const recent = createRecentMessages()
    recent.keep(anEntry(100))
    recent.keep(anEntry(500))
    expect(recent.take(100)).toEqual([])
    expect(cursors(recent.take(500))).toEqual([500])
  })

  it('are bounded: what nobody takes is forgotten', () => {
    const recent = createRecentMessages(3)
    for (let cursor = 0; cursor < 100; cursor += 10) recent.keep(anEntry(cursor))
    expect(recent.take(0)).toEqual([])
    expect(cursors(recent.take(90))).toEqual([90])
  })
})

it('what the door hands on is what the journal holds, place by place', async () => {
  const journal = await aJournal(tempDir())
  const recent = createRecentMessages()
  const door = createIngest({
    journal,
    recent,
    quarantine: createQuarantine(),
    clock: { now: () => Date.UTC(2026, 0, 15) },
    standing: () => 'station',
  })
  const bodies = [
    '{"primary_supply_c":80}',
    '{"bad":',
    '{"cover_open":true,"primary_supply_c":81}',
    '{"x":1}',
  ]
  await Promise.all(
    bodies.map(
      (body) =>
        new Promise((resolve) =>
          door.ingest(
            { deviceId: 'd1', channel: 'telemetry', topic: 'dh/v1/d1/telemetry', body: Buffer.from(body) },
            resolve,
          ),
        ),
    ),
  )
  const read = await readAll(journal)
  expect(recent.take(read[0]?.cursor ?? -1)).toEqual(
    read.map(({ cursor, next, message: { body, ...message } }) => ({
      cursor,
      next,
      message,
      decoded: decodeMessage(message.channel, body, message.receivedAt),
    })),
  )
  await journal.close()
})
