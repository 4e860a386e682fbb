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

const NEW_TRUNK = 'trunk_under_warranty network-eng'
const NEW_BRANCH = 'branch_under_construction network-eng'
const IN_SERVICE = 'primary_in_service network-ops'
const AREA_1 = 'secondary_side area-1'
const BY_HAND = 'manual dispatch'

describe('the routing table', () => {
  it.each([
    ['a secondary well goes to its area', { assetId: 'W' }, AREA_1],
    ['a secondary pipe goes to its area', { assetId: 'street' }, AREA_1],
    ['an indoor leak goes by its place', { kind: 'indoor_leak', position: place(1700, 700) }, AREA_1],
    ['not hot goes by its place', { kind: 'not_hot', position: place(1700, 2000) }, 'secondary_side area-2'],
    [
      'an indoor leak is the area’s, though linked to a primary well',
      { kind: 'indoor_leak', assetId: 'B', position: place(1700, 700) },
      AREA_1,
    ],
    ['without a place, that of the linked station', { kind: 'not_hot', assetId: 'S' }, AREA_1],
    ['a complaint goes by the caller’s place', { kind: 'complaint', position: place(1700, 700) }, AREA_1],
    ['a trunk in warranty', { assetId: 'new', kind: 'primary_leak' }, NEW_TRUNK],
    ['a trunk under construction, no date', { assetId: 'trunk-building' }, NEW_TRUNK],
    ['a trunk not yet commissioned', { assetId: 'trunk-dated' }, NEW_TRUNK],
    ['a well at the end of a new trunk', { assetId: 'C' }, NEW_TRUNK],
    ['a trunk in service', { assetId: 'old', kind: 'primary_leak' }, IN_SERVICE],
    ['a trunk that never had dates', { assetId: 'feed' }, IN_SERVICE],
    ['a well on the middle of a trunk', { assetId: 'M', kind: 'cover' }, IN_SERVICE],
    ['a branch in service, even in warranty (A9)', { assetId: 'branch' }, IN_SERVICE],
    ['a well shared by both networks is primary', { assetId: 'shared' }, IN_SERVICE],
    ['a primary well that no pipe names', { assetId: 'lone' }, IN_SERVICE],
    ['a branch under construction', { assetId: 'branch-building' }, NEW_BRANCH],
    ['a branch not yet commissioned', { assetId: 'branch-dated' }, NEW_BRANCH],
    ['a valve takes the class of its pipes', { assetId: 'V' }, NEW_BRANCH],
    ['a station', { assetId: 'S', kind: 'hes_secondary' }, 'station area-1'],
    ['the heat source', { assetId: 'H' }, BY_HAND],
    ['an asset that nobody knows', { assetId: 'nobody' }, BY_HAND],
    ['a place in no polygon', { kind: 'not_hot', position: place(0, 3000) }, BY_HAND],
    ['neither asset nor place', { kind: 'primary_leak' }, BY_HAND],
    ['not hot without a place', { kind: 'not_hot' }, BY_HAND],
    ['a secondary pipe across a border', { assetId: 'crossing' }, BY_HAND],
    [
      'a pipe across a border, the place of the fault known',
      { assetId: 'crossing', position: place(2001, 1000) },
      AREA_1,
    ],
    [
      'a place far from the pipe says nothing of the fault',
      { assetId: 'crossing', position: place(2100, 1000) },
      BY_HAND,
    ],
    ['in warranty, but trunk or branch unknown', { assetId: 'lone-warranty' }, BY_HAND],
  ] as const)('%s', (_name, more, expected) => {
    expect(routed(more)).toBe(expected)
  })

  it.each([
    ['trunk in warranty → in service', 'new', NEW_TRUNK, IN_SERVICE],
    ['trunk commissioned, its warranty still running', 'trunk-dated', NEW_TRUNK, NEW_TRUNK],
    ['branch commissioned', 'branch-dated', NEW_BRANCH, IN_SERVICE],
    ['a well’s own warranty wins over its pipe’s (A44)', 'own-warranty', NEW_TRUNK, IN_SERVICE],
    ['an old well on a new pipe keeps its own dates (A44)', 'own-old', IN_SERVICE, IN_SERVICE],
    ['a well being rebuilt on an old trunk', 'rebuilt', NEW_TRUNK, NEW_TRUNK],
  ])('half-open to the millisecond: %s', (_name, assetId, before, after) => {
    expect(routed({ assetId, asOf: DAY_START - 1 })).toBe(before)
    expect(routed({ assetId, asOf: DAY_START })).toBe(after)
  })

  it('areas change hands at an instant, and two at once are nobody’s', () => {
    const [west, east] = [place(3200, 500), place(3700, 500)]
    expect(routed({ kind: 'not_hot', position: west, asOf: DAY_START - 1 })).toBe('secondary_side area-3')
    expect(routed({ kind: 'not_hot', position: west, asOf: DAY_START })).toBe('secondary_side area-4')
    expect(routed({ kind: 'not_hot', position: east, asOf: DAY_START })).toBe(BY_HAND)
    expect(routed({ kind: 'not_hot', position: east, asOf: at('2026-03-01T00:00:00+08:00') })).toBe(
      'secondary_side area-4',
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
  const routing = {
    ...WUDA_ROUTING,
    trunk_under_warranty: 'area-1',
    primary_in_service: 'network-eng',
    branch_under_construction: 'network-ops',
    station: 'network-ops',
  }
  const elsewhere = { ...NETWORK, routing: { ...routing, branchInWarranty: 'trunk_under_warranty' as const } }

  it.each([
    ['a trunk in warranty', 'new', 'trunk_under_warranty area-1'],
    ['a trunk in service', 'old', 'primary_in_service network-eng'],
    ['a branch in warranty, taken with the new trunks (A9)', 'branch', 'trunk_under_warranty area-1'],
    ['a branch under construction', 'branch-building', 'branch_under_construction network-ops'],
    ['the station, one department’s for all areas (A8)', 'S', 'station network-ops'],
    ['a secondary well is always its area’s', 'W', AREA_1],
  ])('%s', (_name, assetId, expected) => {
    expect(routed({ network: elsewhere, assetId })).toBe(expected)
  })

  it('that names a department which does not exist leaves it to the dispatcher, and says so', () => {
    const network = { ...NETWORK, routing: { ...WUDA_ROUTING, primary_in_service: 'nobody' } }
    const found = route({ network, kind: 'cover', asOf: NOON, assetId: 'old' })
    expect([found.rule, found.departmentId]).toEqual(['manual', 'dispatch'])
    expect(found.why).toContain('制度指定的部门 nobody 不在台账中')
  })
})

describe('a report with a place and no asset', () => {
  it.each([
    ['a cover takes the nearest well', { kind: 'cover', position: place(700, 30) }, IN_SERVICE],
    ['a cover with no well within 50 m', { kind: 'cover', position: place(700, 55) }, BY_HAND],
    ['a wider net is a setting', { kind: 'cover', position: place(700, 55), nearM: 60 }, IN_SERVICE],
    ['venting takes a secondary well too', { kind: 'well_vent', position: place(2010, 910) }, AREA_1],
    [
      'a primary leak takes the nearest primary pipe',
      { kind: 'primary_leak', position: place(1300, 20) },
      NEW_TRUNK,
    ],
    [
      'a primary leak never takes a secondary pipe',
      { kind: 'primary_leak', position: place(2005, 1200) },
      BY_HAND,
    ],
    ['a secondary fault goes by area', { kind: 'hes_secondary', position: place(1700, 700) }, AREA_1],
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
    expect(spread(0.7, 0.3)).toMatchObject({ rule: 'primary_in_service', departmentId: 'network-ops' })
    expect(spread(0.1, 0.9)).toMatchObject({ rule: 'trunk_under_warranty', departmentId: 'network-eng' })
    expect(spread(0.7, 0.3).why).toContain('管网运行部 70 %、管网工程部 30 %')
  })
  it('waits for the dispatcher below that', () => {
    expect(spread(0.69, 0.31)).toMatchObject({ rule: 'manual', departmentId: 'dispatch' })
    expect(spread(0.69, 0.31).why).toContain('待调度研判')
  })
  it('is not decided by naming the likeliest asset beside the others', () => {
    expect(spread(0.6, 0.4, 'old')).toMatchObject({ rule: 'manual' })
  })
  it('is decided by an asset that stands apart from the candidates', () => {
    expect(spread(0.6, 0.4, 'C')).toMatchObject({ rule: 'trunk_under_warranty' })
  })
  it('asks for no share when all lie in one department', () => {
    const candidates = [{ assetId: 'old', share: 0.2 }]
    const found = route({ network: NETWORK, kind: 'primary_leak', asOf: NOON, candidates })
    expect(found).toMatchObject({ rule: 'primary_in_service', departmentId: 'network-ops' })
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
