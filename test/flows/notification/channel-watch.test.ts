import { expect, it } from 'vitest'
import type { LiveAlarm } from '#contract/live.ts'
import { createChannelWatch } from '../../../server/flows/notification/channel-watch.ts'
import type { Channel } from '../../../server/flows/notification/outbox.ts'
import { silentLog } from '../../support/silent-log.ts'

const CHANNEL: Channel = {
  id: 'robot',
  type: 'wecom',
  digestBytes: 1000,
  rate: { most: 20, everyMs: 60_000 },
  send: () => Promise.reject(new Error('not sent here')),
} as unknown as Channel

it('a channel that fails while the disk is full is told of once the disk takes it', async () => {
  const alarms: string[] = []
  let isFull = false
  const watch = await createChannelWatch({
    store: {
      channels: async () => [],
      saveChannel: async () => {
        if (isFull) throw new Error('database or disk is full')
      },
    },
    channels: [CHANNEL],
    alarming: {
      live: { publish: (_event, _id, data) => void alarms.push((data as LiveAlarm).text.en) },
      newId: () => 'a1',
    },
    log: silentLog,
  })
  await watch.note(CHANNEL, { kind: 'failed', why: 'timeout' }, 1000)
  isFull = true
  await expect(watch.note(CHANNEL, { kind: 'failed', why: 'timeout' }, 2000)).rejects.toThrow('full')
  expect(watch.failing()).toEqual([])
  isFull = false
  await watch.note(CHANNEL, { kind: 'failed', why: 'timeout' }, 3000)
  expect(watch.failing()).toEqual(['robot'])
  expect(alarms).toEqual(['notification channel robot does not work: timeout'])
})
