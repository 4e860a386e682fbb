import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../server/domain/detection/catalogue.ts'
import type { EmergencyFinding } from '../../../server/domain/detection/core/finding.ts'
import { applyFinding } from '../../../server/domain/incident/apply-finding.ts'
import { clear, close, reopen } from '../../../server/domain/incident/close.ts'
import { correlate } from '../../../server/domain/incident/correlate.ts'
import { defectsOf } from '../../../server/domain/incident/defects.ts'
import type { Incident } from '../../../server/domain/incident/incident.ts'
import { merge, split, unmerge } from '../../../server/domain/incident/merge.ts'
import { DAY, HOUR, MINUTE } from '../../../server/domain/instant.ts'
import { isRefusal } from '../../../server/contract/problem.ts'
import { aRowOfWells, time } from '../../support/detection-world.ts'

const T = time('12:00:00')
const network = aRowOfWells(60, 8)
const settings = DEFAULT_SETTINGS

function aFinding(of: Partial<EmergencyFinding> & { readonly rule: string }): EmergencyFinding {
  const family =
    of.family ??
    (of.rule.startsWith('cover')
      ? 'cover'
      : of.rule.startsWith('well')
        ? 'well'
        : of.rule.startsWith('station')
          ? 'station'
          : 'leak')
  const ticketKind = (
    { cover: 'cover', well: 'well_vent', leak: 'primary_leak', station: 'hes_secondary' } as const
  )[family]
  const assetId = of.assetId
  return {
    kind: 'emergency',
    id: `${of.rule}:${assetId ?? ''}:${of.at ?? T}`,
    phase: 'raised',
    family,
    ticketKind,
    at: T,
    eventAt: of.at ?? T,
    located: assetId !== undefined,
    candidates: assetId === undefined ? [] : [{ assetId, share: 1 }],
    logOdds: 5,
    evidence: {
      rule: of.rule,
      sentence: { zh: '', en: '' },
      statistic: '',
      value: 0,
      threshold: 0,
      assets: [assetId ?? 's'],
    },
    ...of,
  }
}

/** What the flow does with findings, in order. */
function gather(...findings: readonly EmergencyFinding[]): Incident[] {
  const incidents = new Map<string, Incident>()
  for (const finding of findings) {
    const placement = correlate(finding, [...incidents.values()], { network, settings, at: finding.at })
    const before = placement.kind === 'join' ? incidents.get(placement.incidentId) : undefined
    const { incident } = applyFinding(before, finding, {
      network,
      settings,
      why: placement.why,
      newId: `i${incidents.size + 1}`,
      exercise: false,
    })
    incidents.set(incident.id, incident)
  }
  return [...incidents.values()]
}

const cover = (assetId: string, at = T) => aFinding({ rule: 'cover.open', assetId, at })
const steam = (assetId: string, at = T) => aFinding({ rule: 'well.steam', assetId, at, logOdds: 3 })
const dip = (assetId: string, at = T) => aFinding({ rule: 'leak.pressure', assetId, at, logOdds: 1 })
const makeup = (at = T) => aFinding({ rule: 'leak.makeup', at, logOdds: 2, deviceId: 'd-s' })
const station = (assetId: string, at = T) => aFinding({ rule: 'station.pressure', assetId, at, logOdds: 3 })

describe('what becomes one incident', () => {
  it.each([
    ['a cover and steam at one well', [cover('w1'), steam('w1', T + 3 * MINUTE)], 1, 2],
    ['two covers', [cover('w1'), cover('w2')], 2, 1],
    ['two covers of one well', [cover('w1'), cover('w1', T + MINUTE)], 1, 1],
    ['steam at two neighbouring wells', [steam('w1'), steam('w2')], 2, 1],
    ['a cover above a leak', [cover('w1'), dip('w1')], 2, 1],
    ['leaks three hops apart', [dip('w1'), dip('w4', T + 10 * MINUTE)], 1, 1],
    ['leaks four hops apart', [dip('w1'), dip('w5', T + 10 * MINUTE)], 2, 1],
    ['leaks 60 minutes apart', [dip('w1'), dip('w2', T + HOUR)], 1, 1],
    ['leaks 61 minutes apart', [dip('w1'), dip('w2', T + 61 * MINUTE)], 2, 1],
    ['lost water and then a located leak', [makeup(), dip('w5', T + 3 * HOUR)], 1, 1],
    ['a located leak and then lost water', [dip('w5'), makeup(T + 10 * MINUTE)], 1, 1],
    ['a leak and a station fault beside it', [dip('w6'), station('hes')], 2, 1],
    [
      'two rules of one station',
      [station('hes'), aFinding({ rule: 'station.makeup', assetId: 'hes', at: T + MINUTE })],
      1,
      1,
    ],
  ])('%s: %#', (_, findings, incidents, defects) => {
    const gathered = gather(...findings)
    expect(gathered).toHaveLength(incidents)
    expect(defectsOf(gathered[0] ?? { members: [] })).toHaveLength(defects)
  })

  it('a cover and steam at one well say why they were joined, and the cover leads (Ex 9)', () => {
    const [incident] = gather(steam('w1'), cover('w1', T + 3 * MINUTE))
    expect(incident?.kind).toBe('cover')
    expect(incident?.members[1]?.why).toEqual({
      zh: '同一口井 w1,距事件开始 3 分钟',
      en: 'the same well w1, 3 min after the incident began',
    })
    expect(defectsOf(incident ?? { members: [] }).map((d) => [d.kind, d.assetId])).toEqual([
      ['well_vent', 'w1'],
      ['cover', 'w1'],
    ])
  })

  it('a leak says its hops and minutes', () => {
    const [incident] = gather(dip('w1'), dip('w3', T + 20 * MINUTE))
    expect(incident?.members[1]?.why.zh).toBe('同一分区,沿管道 2 跳,相隔 20 分钟')
  })

  it('an old incident is locked for a new defect, but never gets a second ticket for an old one', () => {
    expect(gather(cover('w1'), steam('w1', T + DAY + MINUTE))).toHaveLength(2)
    expect(gather(cover('w1'), cover('w1', T + DAY + MINUTE))).toHaveLength(1)
  })

  it('a closed incident takes nothing', () => {
    const [old] = gather(cover('w1'))
    const closed: Incident[] = old === undefined ? [] : [{ ...old, state: 'closed' }]
    expect(correlate(cover('w1', T + MINUTE), closed, { network, settings, at: T + MINUTE }).kind).toBe('new')
  })
})

describe('confidence', () => {
  it.each([
    [[cover('w1')], 3, 'confirmed'],
    [[steam('w1')], 1, 'confirmed'],
    [[aFinding({ rule: 'well.suspect', assetId: 'w1', logOdds: 1 })], -1, 'suspected'],
    [[aFinding({ rule: 'cover.damage', assetId: 'w1', logOdds: 1 })], -1, 'suspected'],
    [[aFinding({ rule: 'cover.open', assetId: 'w1', logOdds: 2 })], 0, 'suspected'],
    [[station('hes')], 1, 'confirmed'],
    [[makeup()], 0, 'suspected'],
    [[dip('w1')], -1, 'suspected'],
    [[makeup(), dip('w1')], 1, 'confirmed'],
  ] as const)('%#: adds up to the gate', (findings, confidence, state) => {
    const [incident] = gather(...findings)
    expect(incident).toMatchObject({ confidence, state })
  })

  it('counts what one sensor says once', () => {
    const [incident] = gather(dip('w1'), dip('w1', T + MINUTE), dip('w1', T + 2 * MINUTE))
    expect(incident?.confidence).toBe(-1)
  })

  it('is kept by a replay: the same finding again changes nothing', () => {
    const [incident] = gather(cover('w1'))
    const again = applyFinding(incident, cover('w1'), {
      network,
      settings,
      why: { zh: '', en: '' },
      newId: 'x',
      exercise: false,
    })
    expect(again.changed).toBe(false)
    expect(again.incident).toBe(incident)
  })
})

describe('the end of an incident', () => {
  it('is cleared when every finding is taken back, and raised again by a new one', () => {
    const [incident] = gather(cover('w1'), { ...cover('w1'), phase: 'cleared', at: T + HOUR })
    expect(incident?.state).toBe('cleared')
    const [back] = gather(
      cover('w1'),
      { ...cover('w1'), phase: 'cleared', at: T + HOUR },
      cover('w1', T + 2 * HOUR),
    )
    expect(back?.state).toBe('confirmed')
  })

  it('no sensor clears what a caller has seen', () => {
    const [incident] = gather(cover('w1'))
    if (incident === undefined) throw new Error('no incident')
    const call = {
      id: 'call',
      type: 'call',
      kind: 'cover',
      joinedAt: T,
      why: { zh: '', en: '' },
      logOdds: 2,
      assetId: 'w1',
    } as const
    const called = { ...incident, members: [...incident.members, call] }
    expect(clear(called, cover('w1').id, T + HOUR, settings).state).toBe('confirmed')
  })

  it('comes with its last ticket and goes with a reopened one', () => {
    const [incident] = gather(cover('w1'), steam('w1'))
    if (incident === undefined) throw new Error('no incident')
    expect(
      close(incident, [
        { id: 'a', closed: true },
        { id: 'b', closed: false },
      ]).state,
    ).toBe('confirmed')
    const closed = close(incident, [
      { id: 'a', closed: true },
      { id: 'b', closed: true },
    ])
    expect(closed.state).toBe('closed')
    expect(reopen(closed, settings).state).toBe('confirmed')
    expect(close(incident, []).state).toBe('confirmed')
  })
})

describe('merge and split', () => {
  const reason = { zh: '同一处', en: 'the same place' }

  it('a merge is taken back whole', () => {
    const [a, b] = gather(cover('w1'), cover('w2', T + MINUTE))
    if (a === undefined || b === undefined) throw new Error('two incidents expected')
    const merged = merge(a, b, { reason, at: T + HOUR, settings })
    if (isRefusal(merged)) throw new Error(merged.detail)
    expect(merged[0].assetIds).toEqual(['w1', 'w2'])
    expect(merged[1]).toMatchObject({ state: 'merged', mergedInto: a.id })
    expect(defectsOf(merged[0])).toHaveLength(2)
    const apart = unmerge(merged[0], merged[1], settings)
    if (isRefusal(apart)) throw new Error(apart.detail)
    expect(apart[0]).toEqual({ ...a, version: a.version + 2 })
    expect(apart[1]).toEqual({ ...b, version: b.version + 2 })
  })

  it('a split takes its members, places and tickets along', () => {
    const [incident] = gather(cover('w1'), steam('w1', T + 3 * MINUTE))
    if (incident === undefined) throw new Error('no incident')
    const parts = split(incident, [incident.members[1]?.id ?? ''], {
      reason,
      at: T + HOUR,
      settings,
      newId: 'new',
    })
    if (isRefusal(parts)) throw new Error(parts.detail)
    expect(parts.map((part) => [part.id, part.kind, part.members.length])).toEqual([
      [incident.id, 'cover', 1],
      ['new', 'well_vent', 1],
    ])
    expect(parts[1]).toMatchObject({ openedAt: T + 3 * MINUTE, assetIds: ['w1'] })
  })

  it.each([[[]], [['nobody']]])('refuses to split off %o', (ids) => {
    const [incident] = gather(cover('w1'), steam('w1'))
    if (incident === undefined) throw new Error('no incident')
    expect(split(incident, ids, { reason, at: T, settings, newId: 'new' })).toMatchObject({ kind: 'refusal' })
  })

  it('refuses to merge with itself or with what is over', () => {
    const [a, b] = gather(cover('w1'), cover('w2'))
    if (a === undefined || b === undefined) throw new Error('two incidents expected')
    expect(merge(a, a, { reason, at: T, settings })).toMatchObject({ code: 'bad-value' })
    expect(merge(a, { ...b, state: 'closed' }, { reason, at: T, settings })).toMatchObject({
      code: 'wrong-state',
    })
  })
})
