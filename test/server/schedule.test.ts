import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createManualClock } from '../../server/process/clock.ts'
import type { Timed } from '../../server/flows/ports.ts'
import { advance, runSchedule } from '../../server/process/schedule.ts'
import { silentLog } from '../support/silent-log.ts'

function timed(name: string, due: number[], did: string[]): Timed {
  return {
    name,
    nextDue: () => due[0],
    run(at) {
      due.shift()
      did.push(`${name}@${String(at)}`)
    },
  }
}
const manualClock = () => createManualClock(mkdtempSync(join(tmpdir(), 'wellwatch-clock-')), 100)

describe('the manual clock', () => {
  it('lets every part act at its own instants, in order, and stops where it was told', async () => {
    const did: string[] = []
    const clock = manualClock()
    await advance(clock, 500, {
      parts: [timed('a', [200, 400, 600], did), timed('b', [300], did)],
      consumers: [],
    })
    expect(did).toEqual(['a@200', 'b@300', 'a@400'])
    expect(clock.now()).toBe(500)
  })

  it('lets what was acknowledged be consumed before time moves', async () => {
    const did: string[] = []
    const consumer = {
      name: 'detector',
      catchUp: () => Promise.resolve(void did.push('caught up')),
      lag: () => 0,
      position: () => 0,
      problem: () => undefined,
      close: () => Promise.resolve(),
    }
    await advance(manualClock(), 300, { parts: [timed('a', [200], did)], consumers: [consumer] })
    expect(did).toEqual(['caught up', 'a@200'])
  })

  it('says so when a part never gets done', async () => {
    const stuck: Timed = { name: 'stuck', nextDue: () => 200, run: () => undefined }
    await expect(advance(manualClock(), 300, { parts: [stuck], consumers: [] })).rejects.toThrow('stays due')
  })

  it('stands after a restart where it stood, and never goes back', () => {
    const dir = mkdtempSync(join(tmpdir(), 'wellwatch-clock-'))
    createManualClock(dir, 100).set(250)
    const again = createManualClock(dir, 100)
    expect(again.now()).toBe(250)
    expect(() => again.set(249)).toThrow(RangeError)
  })
})

describe('the schedule', () => {
  it('tells how long a part has kept the others waiting, and that it came to its end', async () => {
    const { promise: ended, resolve: end } = Promise.withResolvers<undefined>()
    const slow: Timed = { name: 'slow', nextDue: () => 100, run: () => ended }
    const schedule = runSchedule([slow], { now: () => 100 }, silentLog)
    onTestFinished(() => schedule.close())
    await expect.poll(() => schedule.stuckMs()).toBeGreaterThan(50)
    end(undefined)
    await expect.poll(() => schedule.stuckMs()).toBe(0)
    expect(schedule.failing()).toEqual({})
  })
})
