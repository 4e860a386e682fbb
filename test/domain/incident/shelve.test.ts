import { describe, expect, it } from 'vitest'
import type { Incident } from '../../../server/domain/incident/incident.ts'
import { longestShelving, shelve } from '../../../server/domain/incident/shelve.ts'
import { MINUTE } from '../../../server/domain/instant.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import { at } from '../../support/desk-world.ts'

const NOW = at('22:50:00')
const incident: Incident = {
  id: 'i1',
  version: 3,
  kind: 'cover',
  state: 'confirmed',
  confidence: 2,
  openedAt: NOW,
  eventAt: NOW,
  assetIds: ['w1'],
  located: true,
  candidates: [],
  members: [],
  exercise: false,
}
const shelved = (minutes: number, more: { reason?: string; maxMinutes?: number } = {}) => {
  const { reason = '等人到场', maxMinutes = 60 } = more
  const asked = { until: NOW + minutes * MINUTE, reason, by: '李调度' }
  return shelve(incident, asked, { at: NOW, maxMinutes })
}

describe('an incident that is shelved', () => {
  it('keeps until when, by whom and why', () => {
    expect(shelved(20)).toEqual({
      ...incident,
      version: 4,
      shelvedUntil: at('23:10:00'),
      shelvedBy: '李调度',
      shelvedReason: '等人到场',
    })
  })

  it.each(['', '  '])('needs a reason, and %o is none', (reason) => {
    expect(shelved(20, { reason })).toMatchObject({ code: 'missing-field', missing: ['reason'] })
  })

  it.each([0, -1])('is shelved for time to come, not for %i minutes', (minutes) => {
    expect(shelved(minutes)).toMatchObject({ code: 'bad-time' })
  })

  it('is shelved for twelve hours at most where the policy says nothing of it', () => {
    const settings = { ...WUDA.settings }
    delete settings.maxShelvingMinutes
    const maxMinutes = longestShelving('first', { settings }) ?? 0
    expect(shelved(12 * 60, { maxMinutes })).toMatchObject({ version: 4 })
    expect(shelved(12 * 60 + 1, { maxMinutes })).toMatchObject({
      code: 'bad-time',
      detail: '一次最长搁置 12 小时',
      detailEn: 'an incident is shelved for 12 hours at most',
    })
  })

  it('is none of the highest level', () => {
    expect(longestShelving('special', WUDA)).toBeUndefined()
    const asked = { until: NOW + MINUTE, reason: '等人到场', by: '李调度' }
    expect(shelve(incident, asked, { at: NOW, maxMinutes: undefined })).toMatchObject({ code: 'wrong-state' })
  })

  it('is shelved for as long as the policy says', () => {
    expect(shelved(90, { maxMinutes: 90 })).toMatchObject({ version: 4 })
    expect(shelved(91, { maxMinutes: 90 })).toMatchObject({
      detailEn: 'an incident is shelved for 1.5 hours at most',
    })
  })
})
