import { beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../../server/domain/instant.ts'
import { createIngest, type Ingest, type IngestOutcome } from '../../../server/flows/readings/ingest.ts'
import { JournalFull } from '../../../server/flows/ports.ts'
import { createQuarantine, type OpenQuarantine } from '../../../server/flows/readings/quarantine.ts'
import { channelTopic, type Channel } from '#contract/topics.ts'
import type { OpenJournal } from '../../../server/journal/journal.ts'
import { aJournal, fault, faultyDisk, readAll, tempDir, type Faults } from '../../journal/support.ts'

const NOW = Date.UTC(2026, 0, 15, 14, 50)
let quarantine: OpenQuarantine
beforeEach(() => {
  quarantine = createQuarantine()
})

function aDoor(journal: Pick<OpenJournal, 'append'>): Ingest {
  return createIngest({
    journal,
    quarantine,
    clock: { now: () => NOW },
    standing: (id) =>
      id === 'placed' ? 'well' : id === 'station' ? 'station' : id === 'spare' ? 'unplaced' : 'unknown',
  })
}

function send(
  door: Ingest,
  body: string,
  deviceId = 'placed',
  channel: Channel = 'telemetry',
): Promise<IngestOutcome> {
  return new Promise((resolve, reject) =>
    door.ingest(
      { deviceId, channel, topic: channelTopic(deviceId, channel), body: Buffer.from(body) },
      (error, outcome) => (outcome === undefined ? reject(error) : resolve(outcome)),
    ),
  )
}

describe('the door', () => {
  it('answers when the message is in the journal, with the server’s time of arrival', async () => {
    const journal = await aJournal(tempDir())
    const door = aDoor(journal)
    expect(await send(door, '{"pressure_mpa":0.6}')).toEqual({ accepted: 1, rejected: [] })
    const [entry] = await readAll(journal)
    expect(entry?.message).toMatchObject({ deviceId: 'placed', channel: 'telemetry', receivedAt: NOW })
    expect(Buffer.from(entry?.message.body ?? []).toString()).toBe('{"pressure_mpa":0.6}')
    await journal.close()
  })

  it('keeps a message with one good sample whole, and counts the bad ones by reason', async () => {
    const journal = await aJournal(tempDir())
    const door = aDoor(journal)
    const body = '[{"pressure_mpa":0.6},{"pressure_mpa":"x"},{"pressure_mpa":"y"},{}]'
    expect(await send(door, body)).toMatchObject({
      accepted: 1,
      rejected: [{ index: 1 }, { index: 2 }, { index: 3 }],
    })
    expect(door.counts()).toMatchObject({ messages: { accepted: 1, set_aside: 0, failed: 0 }, samples: 1 })
    expect(quarantine.counts()).toMatchObject({ wrong_type: 2, no_values: 1, too_deep: 0 })
    expect(quarantine.samples('wrong_type')).toHaveLength(1)
    expect(await readAll(journal)).toHaveLength(1)
    await journal.close()
  })

  it('says and counts what was left out of a message that it takes', async () => {
    const journal = await aJournal(tempDir())
    const door = aDoor(journal)
    const uplink = { dr: 5, fCnt: 7, deviceInfo: { devEui: 'a1' }, object: { tilt: 75 }, 'bad name': 1 }
    expect(await send(door, JSON.stringify(uplink))).toEqual({
      accepted: 1,
      rejected: [],
      leftOut: [
        { index: 0, path: 'deviceInfo', why: 'wrong_type' },
        { index: 0, path: 'object', why: 'wrong_type' },
        { index: 0, path: 'bad name', why: 'bad_signal_name' },
      ],
    })
    expect(quarantine.counts().left_out).toBe(3)
    expect(quarantine.samples('left_out')[0]).toMatchObject({
      detail: 'deviceInfo (wrong_type), object (wrong_type), bad name (bad_signal_name)',
    })
    expect(quarantine.senders(NOW)).toMatchObject([{ deviceId: 'placed', lastReason: 'left_out' }])
    expect(quarantine.flagged(NOW)).toEqual([])
    const event = { event: 'cover_open', values: { cover_tilt_deg: 'x' } }
    expect(await send(door, JSON.stringify(event), 'placed', 'event')).toMatchObject({
      accepted: 1,
      leftOut: [{ path: 'values', why: 'wrong_type' }],
    })
    await journal.close()
  })

  it('acknowledges what is malformed, and sets it aside instead of keeping it', async () => {
    const journal = await aJournal(tempDir())
    const door = aDoor(journal)
    for (const body of ['', '{', '{"pressure_mpa":1e400}', '['.repeat(5000)]) {
      expect(await send(door, body)).toMatchObject({ accepted: 0 })
    }
    expect(door.counts()).toMatchObject({ messages: { accepted: 0, set_aside: 4 } })
    expect(quarantine.counts()).toMatchObject({ empty: 1, not_json: 1, not_finite: 1, too_deep: 1 })
    expect(await readAll(journal)).toEqual([])
    await journal.close()
  })

  it('sets aside what a device sends that stands nowhere, or that nobody knows', async () => {
    const journal = await aJournal(tempDir())
    const door = aDoor(journal)
    await send(door, '{"pressure_mpa":0.6}', 'spare')
    await send(door, '{"pressure_mpa":0.6}', 'stranger')
    expect(quarantine.counts()).toMatchObject({ unplaced_device: 1, unknown_device: 1 })
    expect(await readAll(journal)).toEqual([])
    await journal.close()
  })

  it('takes events, attributes and last wills the same way', async () => {
    const journal = await aJournal(tempDir())
    const door = aDoor(journal)
    await send(door, '{"event":"cover_open"}', 'placed', 'event')
    await send(door, '{"model":"X1"}', 'placed', 'attributes')
    await send(door, '{"state":"offline"}', 'placed', 'status')
    expect((await readAll(journal)).map((entry) => entry.message.channel)).toEqual([
      'event',
      'attributes',
      'status',
    ])
    await journal.close()
  })

  it('gives no acknowledgement when the journal cannot keep it, and takes the next', async () => {
    const faults: Faults = { datasyncs: 0 }
    const journal = await aJournal(tempDir(), { disk: faultyDisk(faults) })
    const door = aDoor(journal)
    faults.write = fault('ENOSPC')
    await expect(send(door, '{"pressure_mpa":0.6}')).rejects.toBeInstanceOf(JournalFull)
    expect(door.counts().messages).toEqual({ accepted: 0, set_aside: 0, failed: 1 })
    faults.write = undefined
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await send(door, '{"pressure_mpa":0.6}')).toMatchObject({ accepted: 1 })
    await journal.close()
  })
})

describe('quarantine', () => {
  const setAside = (deviceId: string, receivedAt = NOW, body = 'x'): void =>
    quarantine.setAside({ reason: 'not_json', deviceId, topic: 't', body: Buffer.from(body), receivedAt })

  it('keeps the newest twenty of a reason, each cut to a kilobyte', () => {
    for (let i = 0; i < 50; i += 1) setAside('d1', NOW + i, 'y'.repeat(5000))
    const kept = quarantine.samples('not_json')
    expect(kept).toHaveLength(20)
    expect(kept[0]).toMatchObject({ receivedAt: NOW + 49, bodyBytes: 5000 })
    expect(kept[0]?.body).toHaveLength(1024)
    expect(quarantine.samples('empty')).toEqual([])
  })

  it('flags a device after three bad messages, until it has been good for a day', () => {
    setAside('d1')
    setAside('d1')
    expect(quarantine.flagged(NOW)).toEqual([])
    setAside('d1')
    setAside('d2')
    expect(quarantine.flagged(NOW)).toEqual([
      { deviceId: 'd1', count: 3, lastReason: 'not_json', lastAt: NOW },
    ])
    expect(quarantine.senders(NOW).map(({ deviceId }) => deviceId)).toEqual(['d2', 'd1'])
    expect(quarantine.flagged(NOW + DAY)).toEqual([])
    expect(quarantine.senders(NOW + DAY)).toEqual([])
    setAside('d1', NOW + 2 * DAY)
    expect(quarantine.flagged(NOW + 2 * DAY)).toEqual([])
  })

  it('counts no more devices than it has room for', () => {
    for (let round = 0; round < 3; round += 1) for (let i = 0; i < 10_050; i += 1) setAside(`d${i}`)
    expect(quarantine.flagged(NOW).length).toBeLessThanOrEqual(10_000)
  })
})
