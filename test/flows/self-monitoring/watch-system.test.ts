import { afterEach, describe, expect, it } from 'vitest'
import type { LiveAlarm } from '#contract/live.ts'
import type { PartsState } from '../../../server/domain/self-monitoring/trouble.ts'
import { watchSystem, type SystemWatch } from '../../../server/flows/self-monitoring/watch-system.ts'
import { partsState } from '../../support/parts-state.ts'
import { silentLog } from '../../support/silent-log.ts'

const opened: SystemWatch[] = []
afterEach(() => {
  for (const watch of opened.splice(0)) watch.close()
})

function aWatch() {
  let state = partsState()
  let passedMs = 0
  let ids = 0
  const alarms: LiveAlarm[] = []
  let changes = 0
  const watch = watchSystem({
    state: () => state,
    clock: { now: () => Date.UTC(2026, 0, 15) + passedMs },
    log: silentLog,
    changed: () => (changes += 1),
    monotonic: () => passedMs,
    alarming: {
      newId: () => String(++ids),
      live: { publish: (_event, _id, data) => void alarms.push(data as LiveAlarm) },
    },
  })
  opened.push(watch)
  return {
    watch,
    alarms,
    changes: () => changes,
    /** Two looks, two seconds apart, at a system in this state. */
    be(change: Partial<PartsState>) {
      state = partsState(change)
      for (let looks = 0; looks < 2; looks += 1) {
        passedMs += 2000
        watch.look()
      }
    },
    pass: (ms: number) => void (passedMs += ms),
  }
}

describe('a part that stops working', () => {
  it('is heard once, stays in sight with its beginning, and a line says that it works again', () => {
    const { watch, alarms, be } = aWatch()
    be({ detectorProblem: 'broken' })
    be({ detectorProblem: 'broken' })
    expect(alarms).toMatchObject([
      { sound: 'system', text: { en: 'detection has stopped: sensors raise no alarm, watch by hand' } },
    ])
    expect(watch.troubles()).toMatchObject([
      { part: 'detector', since: '2026-01-15T08:00:04+08:00', stops: true },
    ])
    be({})
    expect(watch.troubles()).toEqual([])
    expect(alarms[1]).toMatchObject({ text: { en: 'detection works again' } })
    expect(alarms[1]).not.toHaveProperty('sound')
  })

  it('is no alarm for a moment’s stumble', () => {
    const { watch, alarms, changes } = aWatch()
    watch.look()
    expect([watch.troubles(), alarms, changes()]).toEqual([[], [], 0])
  })

  it('that comes and goes all the time is shown each time and heard once in ten minutes', () => {
    const { watch, alarms, be, pass } = aWatch()
    for (let i = 0; i < 20; i += 1) {
      be({ storeProblem: 'refused' })
      expect(watch.troubles()).toHaveLength(1)
      be({})
    }
    expect(alarms.map(({ sound }) => sound)).toEqual(['system', undefined])
    pass(10 * 60_000)
    be({ storeProblem: 'refused' })
    expect(alarms).toHaveLength(3)
  })

  it('is heard again when it comes to stop the main job', () => {
    const { watch, alarms, be } = aWatch()
    be({ detectorUnsaved: 'full' })
    be({ detectorUnsaved: 'full', detectorProblem: 'full' })
    expect(alarms.map(({ sound }) => sound)).toEqual(['system', 'system'])
    expect(watch.troubles()).toMatchObject([{ part: 'detector', stops: true }])
    be({ detectorUnsaved: 'full' })
    expect(watch.troubles()).toMatchObject([{ part: 'detector', stops: false }])
    expect(alarms).toHaveLength(2)
  })

  it('tells every screen at once when words change, and not otherwise', () => {
    const { changes, be } = aWatch()
    be({ diskIsLow: true, diskFreeBytes: 2 ** 30 })
    be({ diskIsLow: true, diskFreeBytes: 2 ** 30 })
    expect(changes()).toBe(1)
    be({ diskIsLow: true, diskFreeBytes: 2 ** 29 })
    expect(changes()).toBe(2)
  })

  it('leaves the alarm to the channels, which speak at the moment of the attempt', () => {
    const { watch, alarms, be } = aWatch()
    be({ failingChannels: ['wecom'] })
    expect(watch.troubles()).toHaveLength(1)
    expect(alarms).toEqual([])
  })
})
