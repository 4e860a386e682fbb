import { describe, expect, it } from 'vitest'
import { compare, raisedByRun, raisedLive, type Raised } from '../../web/src/features/backtest/compare.ts'
import { changedSettings, settingGroups } from '../../web/src/model/settings.ts'
import { anIncident } from './samples.ts'

const at = (time: string): number => Date.parse(`2026-01-15T${time}+08:00`)
const raised = (change: Partial<Raised> = {}): Raised => ({
  id: 'r1',
  at: at('10:00:00'),
  kind: 'cover',
  state: 'confirmed',
  confidence: 3,
  assetIds: ['j-1'],
  located: true,
  candidateIds: [],
  sentence: undefined,
  ticketId: undefined,
  ...change,
})

describe('what a run would have raised', () => {
  const line = (kind: 'cover' | 'well_vent', state: string) => ({
    id: 'incident-1',
    kind,
    state,
    confidence: 1,
    assetIds: ['j-1'],
    located: true,
    candidates: [],
    evidence: [],
  })

  it('is each incident once, opened when it was, standing as it did last', () => {
    const found = raisedByRun([
      { at: '2026-01-15T10:00:00+08:00', type: 'opened', incident: line('well_vent', 'suspected') },
      { at: '2026-01-15T10:05:00+08:00', type: 'updated', incident: line('well_vent', 'confirmed') },
      { at: '2026-01-15T12:00:00+08:00', type: 'closed', incident: line('well_vent', 'closed') },
      { at: '2026-01-15T12:00:00+08:00', type: 'device' },
    ])
    expect(found).toMatchObject([{ at: at('10:00:00'), state: 'confirmed' }])
  })

  it('stands beside what sensors raised then; calls, drills and other times do not count', () => {
    const finding = { id: 'f1', type: 'finding' as const, why: { zh: '', en: '' } }
    const member = { ...finding, joinedAt: '2026-01-15T10:00:00+08:00' }
    const sensed = anIncident({ members: [member] })
    const found = raisedLive(
      [
        sensed,
        anIncident({ id: 'call', members: [{ ...member, type: 'call' }] }),
        anIncident({ id: 'drill', members: [member], exercise: true }),
        anIncident({ id: 'late', members: [{ ...member, joinedAt: '2026-01-16T10:00:00+08:00' }] }),
      ],
      at('00:00:00'),
      at('23:00:00'),
    )
    expect(found.map(({ id }) => id)).toEqual(['i1'])
  })

  it('is the same event by kind, place and time', () => {
    const live = raised({ id: 'live', at: at('10:03:00'), ticketId: 't1' })
    expect(compare([raised()], [live])).toMatchObject([{ verdict: 'both', live: { ticketId: 't1' } }])
    const elsewhere = { ...live, assetIds: ['j-9'] }
    expect(compare([raised()], [elsewhere]).map(({ verdict }) => verdict)).toEqual(['only-run', 'only-live'])
    expect(compare([raised()], [{ ...live, at: at('13:00:00') }])).toHaveLength(2)
    const leak = raised({ kind: 'primary_leak', assetIds: [], candidateIds: ['j-2', 'j-3'] })
    const told = raised({ kind: 'primary_leak', at: at('20:00:00'), assetIds: ['j-3'] })
    expect(compare([leak], [told])).toMatchObject([{ verdict: 'both' }])
    const unlocated = { ...told, assetIds: ['j-9'], located: false }
    expect(compare([leak], [unlocated])).toMatchObject([{ verdict: 'both' }])
  })

  it('pairs each live incident once, with the nearest', () => {
    const live = raised({ id: 'live', at: at('10:50:00') })
    const pairs = compare([raised({ id: 'a' }), raised({ id: 'b', at: at('10:45:00') })], [live])
    expect(pairs.filter(({ verdict }) => verdict === 'both')).toHaveLength(1)
  })
})

describe('limits to turn', () => {
  const tilt = {
    title: { zh: '井盖移位', en: 'Cover displaced: tilt' },
    unit: '°',
    default: 10,
    min: 5,
    max: 15,
  }
  const settings = {
    coverTiltDeg: tilt,
    makeupDrift: { ...tilt, title: { zh: '补水松弛', en: 'Make-up CUSUM: drift' } },
  }

  it('are found by their own word in either language', () => {
    expect(settingGroups(settings, '').map(({ group }) => group)).toEqual(['cover', 'makeup'])
    expect(settingGroups(settings, '松弛')).toEqual([{ group: 'makeup', keys: ['makeupDrift'] }])
    expect(settingGroups(settings, 'cusum')).toEqual([{ group: 'makeup', keys: ['makeupDrift'] }])
  })

  it('only what differs is sent, and nothing that is out of range or no number', () => {
    expect(changedSettings(settings, { coverTiltDeg: '12', makeupDrift: '10' })).toEqual({ coverTiltDeg: 12 })
    expect(changedSettings(settings, { coverTiltDeg: ' ' })).toEqual({})
    expect(changedSettings(settings, { coverTiltDeg: '99' })).toBeUndefined()
    expect(changedSettings(settings, { coverTiltDeg: 'viel' })).toBeUndefined()
  })
})
