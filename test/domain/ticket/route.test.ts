import { describe, expect, it } from 'vitest'
import { parseInstant, type Instant } from '../../../server/domain/instant.ts'
import { WUDA_ROUTING } from '../../../server/domain/network/routing-table.ts'
import { route, type RouteInput } from '../../../server/domain/ticket/route.ts'
import { anArea, aNetwork, aPipe, aSource, aStation, aValve, aWell, place } from '../../support/networks.ts'

function at(text: string): Instant {
  const instant = parseInstant(text)
  if (instant === undefined) throw new Error(text)
  return instant
}
const NOON = at('2026-01-15T12:00:00+08:00')
const DAY = '2026-02-01'
const DAY_START = at('2026-02-01T00:00:00+08:00')

const H = aSource('H', place(0, 0))
const A = aWell('A', place(500, 0))
const B = aWell('B', place(1000, 0))
const C = aWell('C', place(1500, 0))
const J = aWell('J', place(1500, 300))
const K = aWell('K', place(1500, 600))
const S = aStation('S', place(2000, 600))
const W = aWell('W', place(2000, 900), { network: 'secondary' })
const X = aWell('X', place(2000, 1900), { network: 'secondary' })
const V = aValve('V', place(1500, 450))

const NETWORK = aNetwork(
  H,
  A,
  B,
  C,
  J,
  K,
  V,
  S,
  W,
  X,
  aWell('M', place(700, 0), { onPipe: 'old' }),
  aWell('own-warranty', place(710, 0), { onPipe: 'old', warrantyUntil: DAY }),
  aWell('own-old', place(1200, 0), { onPipe: 'new', commissionedAt: '2010-10-15' }),
  aWell('rebuilt', place(720, 0), { onPipe: 'old', underConstruction: true }),
  aWell('shared', place(1990, 880), { network: 'secondary' }),
  aWell('lone', place(5000, 5000)),
  aWell('lone-warranty', place(5100, 5000), { warrantyUntil: DAY }),
  aPipe('old', A, B, { commissionedAt: '2015-10-15' }),
  aPipe('feed', H, A),
  aPipe('new', B, C, { warrantyUntil: DAY }),
  aPipe('branch', C, J, { class: 'branch', warrantyUntil: DAY }),
  aPipe('branch-building', J, V, { class: 'branch', underConstruction: true }),
  aPipe('branch-dated', V, K, { class: 'branch', underConstruction: true, commissionedAt: DAY }),
  aPipe('trunk-building', C, K, { underConstruction: true }),
  aPipe('trunk-dated', H, K, { commissionedAt: DAY, warrantyUntil: '2028-02-01' }),
  aPipe('to-station', K, S, { class: 'branch' }),
  aPipe('street', S, W, { network: 'secondary', class: 'branch' }),
  aPipe('crossing', W, X, { network: 'secondary', class: 'branch' }),
  aPipe('shared-primary', S, aWell('shared', place(1990, 880)), { class: 'branch' }),
  aPipe('shared-secondary', W, aWell('shared', place(1990, 880)), { network: 'secondary', class: 'branch' }),
  anArea('area-1', place(1600, 500), place(2500, 1500), { name: '城东' }),
  anArea('area-2', place(1600, 1500), place(2500, 2500), { name: '城西', validFrom: '2020-01-01' }),
  anArea('area-3', place(3000, 0), place(4000, 1000), { validTo: DAY }),
  anArea('area-4', place(3000, 0), place(4000, 1000), { validFrom: DAY }),
  anArea('area-5', place(3500, 0), place(4000, 1000), { validFrom: DAY, validTo: '2026-03-01' }),
)

function routed(more: Partial<RouteInput>) {
  const { rule, departmentId } = route({ network: NETWORK, kind: 'well_vent', asOf: NOON, ...more })
  return `${rule} ${departmentId}`
}

describe('the routing table', () => {
  it.each([
    ['D1: a secondary well goes to its area', { assetId: 'W' }, 'D1 area-1'],
    ['D1: a secondary pipe goes to its area', { assetId: 'street' }, 'D1 area-1'],
    [
      'D1: an indoor leak goes by its place',
      { kind: 'indoor_leak', position: place(1700, 700) },
      'D1 area-1',
    ],
    ['D1: not hot goes by its place', { kind: 'not_hot', position: place(1700, 2000) }, 'D1 area-2'],
    [
      'D1: an indoor leak is the area’s, though linked to a primary well',
      { kind: 'indoor_leak', assetId: 'B', position: place(1700, 700) },
      'D1 area-1',
    ],
    ['D1: without a place, that of the linked station', { kind: 'not_hot', assetId: 'S' }, 'D1 area-1'],
    [
      'D1: a complaint goes by the caller’s place',
      { kind: 'complaint', position: place(1700, 700) },
      'D1 area-1',
    ],
    ['D2: a trunk in warranty', { assetId: 'new', kind: 'primary_leak' }, 'D2 network-eng'],
    ['D2: a trunk under construction, no date', { assetId: 'trunk-building' }, 'D2 network-eng'],
    ['D2: a trunk not yet commissioned', { assetId: 'trunk-dated' }, 'D2 network-eng'],
    ['D2: a well at the end of a new trunk', { assetId: 'C' }, 'D2 network-eng'],
    ['D3: a trunk in service', { assetId: 'old', kind: 'primary_leak' }, 'D3 network-ops'],
    ['D3: a trunk that never had dates', { assetId: 'feed' }, 'D3 network-ops'],
    ['D3: a well on the middle of a trunk', { assetId: 'M', kind: 'cover' }, 'D3 network-ops'],
    ['D3: a branch in service, even in warranty (A9)', { assetId: 'branch' }, 'D3 network-ops'],
    ['D3: a well shared by both networks is primary', { assetId: 'shared' }, 'D3 network-ops'],
    ['D3: a primary well that no pipe names', { assetId: 'lone' }, 'D3 network-ops'],
    ['D4: a branch under construction', { assetId: 'branch-building' }, 'D4 network-eng'],
    ['D4: a branch not yet commissioned', { assetId: 'branch-dated' }, 'D4 network-eng'],
    ['D4: a valve takes the class of its pipes', { assetId: 'V' }, 'D4 network-eng'],
    ['D5: a station', { assetId: 'S', kind: 'hes_secondary' }, 'D5 area-1'],
    ['D6: the heat source', { assetId: 'H' }, 'D6 dispatch'],
    ['D6: an asset that nobody knows', { assetId: 'nobody' }, 'D6 dispatch'],
    ['D6: a place in no polygon', { kind: 'not_hot', position: place(0, 3000) }, 'D6 dispatch'],
    ['D6: neither asset nor place', { kind: 'primary_leak' }, 'D6 dispatch'],
    ['D6: not hot without a place', { kind: 'not_hot' }, 'D6 dispatch'],
    ['D6: a secondary pipe across a border', { assetId: 'crossing' }, 'D6 dispatch'],
    [
      'D1: a pipe across a border, the place of the fault known',
      { assetId: 'crossing', position: place(2001, 1000) },
      'D1 area-1',
    ],
    [
      'D6: a place far from the pipe says nothing of the fault',
      { assetId: 'crossing', position: place(2100, 1000) },
      'D6 dispatch',
    ],
    ['D6: in warranty, but trunk or branch unknown', { assetId: 'lone-warranty' }, 'D6 dispatch'],
  ] as const)('%s', (_name, more, expected) => {
    expect(routed(more)).toBe(expected)
  })

  it.each([
    ['trunk in warranty → in service', 'new', 'D2 network-eng', 'D3 network-ops'],
    ['trunk commissioned, its warranty still running', 'trunk-dated', 'D2 network-eng', 'D2 network-eng'],
    ['branch commissioned', 'branch-dated', 'D4 network-eng', 'D3 network-ops'],
    ['a well’s own warranty wins over its pipe’s (A44)', 'own-warranty', 'D2 network-eng', 'D3 network-ops'],
    ['an old well on a new pipe keeps its own dates (A44)', 'own-old', 'D3 network-ops', 'D3 network-ops'],
    ['a well being rebuilt on an old trunk', 'rebuilt', 'D2 network-eng', 'D2 network-eng'],
  ])('half-open to the millisecond: %s', (_name, assetId, before, after) => {
    expect(routed({ assetId, asOf: DAY_START - 1 })).toBe(before)
    expect(routed({ assetId, asOf: DAY_START })).toBe(after)
  })

  it('areas change hands at an instant, and two at once are nobody’s', () => {
    const [west, east] = [place(3200, 500), place(3700, 500)]
    expect(routed({ kind: 'not_hot', position: west, asOf: DAY_START - 1 })).toBe('D1 area-3')
    expect(routed({ kind: 'not_hot', position: west, asOf: DAY_START })).toBe('D1 area-4')
    expect(routed({ kind: 'not_hot', position: east, asOf: DAY_START })).toBe('D6 dispatch')
    expect(routed({ kind: 'not_hot', position: east, asOf: at('2026-03-01T00:00:00+08:00') })).toBe(
      'D1 area-4',
    )
  })

  it('Ex 4: the warranty of a trunk ends between two reports', () => {
    const asOf = (text: string) =>
      route({ network: NETWORK, kind: 'primary_leak', assetId: 'new', asOf: at(text) })
    expect(asOf('2026-01-31T23:58:00+08:00').departmentName).toBe('管网工程部')
    expect(asOf('2026-02-01T00:00:00+08:00').departmentName).toBe('管网运行部')
  })
})

describe('the table of another city', () => {
  const routing = { ...WUDA_ROUTING, D2: 'area-1', D3: 'network-eng', D4: 'network-ops', D5: 'network-ops' }
  const elsewhere = { ...NETWORK, routing: { ...routing, branchInWarranty: 'D2' as const } }

  it.each([
    ['a trunk in warranty', 'new', 'D2 area-1'],
    ['a trunk in service', 'old', 'D3 network-eng'],
    ['a branch in warranty, taken with the new trunks (A9)', 'branch', 'D2 area-1'],
    ['a branch under construction', 'branch-building', 'D4 network-ops'],
    ['the station, one department’s for all areas (A8)', 'S', 'D5 network-ops'],
    ['a secondary well is always its area’s', 'W', 'D1 area-1'],
  ])('%s', (_name, assetId, expected) => {
    expect(routed({ network: elsewhere, assetId })).toBe(expected)
  })

  it('that names a department which does not exist leaves it to the dispatcher, and says so', () => {
    const network = { ...NETWORK, routing: { ...WUDA_ROUTING, D3: 'nobody' } }
    const found = route({ network, kind: 'cover', asOf: NOON, assetId: 'old' })
    expect([found.rule, found.departmentId]).toEqual(['D6', 'dispatch'])
    expect(found.why).toContain('制度指定的部门 nobody 不在台账中')
  })
})

describe('a report with a place and no asset', () => {
  it.each([
    ['a cover takes the nearest well', { kind: 'cover', position: place(700, 30) }, 'D3 network-ops'],
    ['a cover with no well within 50 m', { kind: 'cover', position: place(700, 55) }, 'D6 dispatch'],
    ['a wider net is a setting', { kind: 'cover', position: place(700, 55), nearM: 60 }, 'D3 network-ops'],
    ['venting takes a secondary well too', { kind: 'well_vent', position: place(2010, 910) }, 'D1 area-1'],
    [
      'a primary leak takes the nearest primary pipe',
      { kind: 'primary_leak', position: place(1300, 20) },
      'D2 network-eng',
    ],
    [
      'a primary leak never takes a secondary pipe',
      { kind: 'primary_leak', position: place(2005, 1200) },
      'D6 dispatch',
    ],
    ['a secondary fault goes by area', { kind: 'hes_secondary', position: place(1700, 700) }, 'D1 area-1'],
  ] as const)('%s', (_name, more, expected) => {
    expect(routed(more)).toBe(expected)
  })

  it('says how far the asset lies', () => {
    const { why } = route({ network: NETWORK, kind: 'cover', asOf: NOON, position: place(700, 30) })
    expect(why).toContain('距其 30 米')
    expect(why).toContain('M')
  })
})

describe('a leak that may lie in several departments (A42)', () => {
  const spread = (oldShare: number, newShare: number, assetId?: string) =>
    route({
      network: NETWORK,
      kind: 'primary_leak',
      asOf: NOON,
      ...(assetId === undefined ? {} : { assetId }),
      candidates: [
        { assetId: 'old', share: oldShare / 2 },
        { assetId: 'M', share: oldShare / 2 },
        { assetId: 'new', share: newShare },
      ],
    })

  it('goes to the department that holds 70 % of the share', () => {
    expect(spread(0.7, 0.3)).toMatchObject({ rule: 'D3', departmentId: 'network-ops' })
    expect(spread(0.1, 0.9)).toMatchObject({ rule: 'D2', departmentId: 'network-eng' })
    expect(spread(0.7, 0.3).why).toContain('管网运行部 70 %、管网工程部 30 %')
  })
  it('waits for the dispatcher below that', () => {
    expect(spread(0.69, 0.31)).toMatchObject({ rule: 'D6', departmentId: 'dispatch' })
    expect(spread(0.69, 0.31).why).toContain('待调度研判')
  })
  it('is not decided by naming the likeliest asset beside the others', () => {
    expect(spread(0.6, 0.4, 'old')).toMatchObject({ rule: 'D6' })
  })
  it('is decided by an asset that stands apart from the candidates', () => {
    expect(spread(0.6, 0.4, 'C')).toMatchObject({ rule: 'D2' })
  })
  it('asks for no share when all lie in one department', () => {
    const candidates = [{ assetId: 'old', share: 0.2 }]
    const found = route({ network: NETWORK, kind: 'primary_leak', asOf: NOON, candidates })
    expect(found).toMatchObject({ rule: 'D3', departmentId: 'network-ops' })
  })
})

describe('the reason', () => {
  it.each([
    [{ assetId: 'new' }, ['一次主干网', '质保期至 2026-02-01 00:00:00', '2026-01-15 12:00:00', '管网工程部']],
    [{ assetId: 'M' }, ['热力井M', '一次主干网管线 old', '已投运', '管网运行部']],
    [{ assetId: 'S' }, ['换热站S', '城东', '城东运营部']],
    [{ kind: 'not_hot', position: place(0, 3000) }, ['不在任何责任区域内', '待调度研判']],
    [{ assetId: 'H' }, ['热源', '待调度研判']],
  ] as const)('carries the facts that decided: %j', (more, words) => {
    const { why } = route({ network: NETWORK, kind: 'primary_leak', asOf: NOON, ...more })
    for (const word of words) expect(why).toContain(word)
  })
  it.each([
    [
      { assetId: 'new' },
      /^pipe new belongs to a primary trunk, in warranty until 2026-02-01 00:00:00, as of /,
    ],
    [{ assetId: 'M' }, /^well 热力井M lies on the primary trunk old, in service/],
    [{ assetId: 'S' }, /^station 换热站S, in 城东, as of .*: 城东运营部$/],
    [
      { kind: 'not_hot', position: place(0, 3000) },
      /in no area of responsibility then .*; dispatch decides$/,
    ],
    [{ assetId: 'gone' }, /^the register has no asset gone; dispatch decides$/],
  ] as const)('is told in English too: %j', (more, words) => {
    expect(route({ network: NETWORK, kind: 'primary_leak', asOf: NOON, ...more }).whyEn).toMatch(words)
  })
  it('carries the version of the network', () => {
    expect(route({ network: NETWORK, kind: 'cover', asOf: NOON }).networkVersion).toBe(1)
  })
})
