import type { LocationCandidate } from '#contract/incident.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { Position } from '#contract/identity.ts'
import type { RoutingRule, TicketKind } from '#contract/vocabulary.ts'
import type { Instant } from '../instant.ts'
import { areaAt, areaOfAsset } from '../network/areas.ts'
import { assetOf, isPipeAsset } from '../network/assets.ts'
import { levelOf } from '../network/class.ts'
import { distanceToAsset, nearest } from '../network/locate.ts'
import type { Asset, Network } from '../network/network.ts'
import { byArea, responsibilityOf, toDispatch, type Responsibility } from '../network/ownership.ts'

export interface RouteInput {
  readonly network: Network
  readonly kind: TicketKind
  readonly assetId?: string
  readonly position?: Position
  /** Where a leak may lie, with shares that sum to at most 1 (A42). */
  readonly candidates?: readonly LocationCandidate[]
  /** `opened_at` or `received_at`: the division of responsibility as of this instant. */
  readonly asOf: Instant
  /** How far a place without an asset may lie from the asset meant, metres; 50 by default. */
  readonly nearM?: number
  /** Share from which one department gets a leak that may lie in several (A42); 0.7 by default. */
  readonly clearShare?: number
}

export interface Route {
  readonly departmentId: string
  readonly departmentName: string
  readonly rule: RoutingRule
  /** One sentence in Chinese with the facts that decided. */
  readonly why: string
  /** The same in English; tickets of before it was kept have none. */
  readonly whyEn?: string
  readonly networkVersion: number
}

/** Why a unit has a ticket, of a route or of a dispatch; without English where there is none. */
export function reasonOf({ rule, why, whyEn }: Reason): Reason {
  return { rule, why, ...(whyEn === undefined ? {} : { whyEn }) }
}
type Reason = Pick<Route, 'rule' | 'why' | 'whyEn'>

const NEAR_M = 50
const CLEAR_SHARE = 0.7

/**
 * The department of a ticket as of the instant of the report, and why (第四条A).
 * `override` is the dispatcher's own word and never comes from here; `manual` means that the dispatch
 * centre decides by hand.
 */
export function route(input: RouteInput): Route {
  return { ...decide(input), networkVersion: input.network.version }
}

function decide(input: RouteInput): Responsibility {
  if (isAtUser(input.kind)) return atUser(input)
  const { network, assetId, candidates = [] } = input
  const spread =
    candidates.length > 0 && (assetId === undefined || candidates.some((c) => c.assetId === assetId))
  if (spread) return amongCandidates(input, candidates)
  if (assetId === undefined) return byPlace(input)
  const asset = assetOf(network, assetId)
  if (asset === undefined) return toDispatch(network, unknownAsset(assetId))
  return responsibilityOf(network, asset, input.asOf, placeArea(input, asset))
}

function unknownAsset(assetId: string): LocalizedText {
  return { zh: `资产 ${assetId} 不在管网台账中`, en: `the register has no asset ${assetId}` }
}

const AT_USER: LocalizedText = { zh: '用户户内', en: "inside the user's home" }

/** What happens behind the user's door, whatever asset the caller was linked to (R-27, 至热用户终端). */
function isAtUser(kind: TicketKind): boolean {
  return kind === 'indoor_leak' || kind === 'not_hot'
}

function atUser({ network, position, assetId, asOf }: RouteInput): Responsibility {
  if (position !== undefined) {
    return byArea(network, {
      rule: 'secondary_side',
      what: AT_USER,
      answer: areaAt(network, position, asOf),
      asOf,
    })
  }
  const asset = assetId === undefined ? undefined : assetOf(network, assetId)
  if (asset === undefined)
    return toDispatch(network, { zh: '用户位置未知', en: 'where the user lives is not known' })
  return byArea(network, {
    rule: 'secondary_side',
    what: AT_USER,
    answer: areaOfAsset(network, asset, asOf),
    asOf,
  })
}

/** No asset is named: the nearest one that this kind can be about, else the area for what is the user's side. */
function byPlace(input: RouteInput): Responsibility {
  const { network, kind, position, asOf, nearM = NEAR_M } = input
  if (position === undefined)
    return toDispatch(network, { zh: '位置与资产均未知', en: 'neither place nor asset is known' })
  if (kind !== 'cover' && kind !== 'well_vent' && kind !== 'primary_leak') {
    const what =
      kind === 'hes_secondary'
        ? { zh: '站内及二次网故障', en: 'a fault in a station or the secondary network' }
        : { zh: '用户来电位置', en: "the caller's place" }
    return byArea(network, { rule: 'secondary_side', what, answer: areaAt(network, position, asOf), asOf })
  }
  const [near] = nearest(network, position, {
    withinM: nearM,
    kinds: kind === 'primary_leak' ? ['pipe', 'well', 'valve'] : ['well'],
    accept: (asset) => kind !== 'primary_leak' || levelOf(network, asset) === 'primary',
  })
  if (near === undefined) {
    const isLeak = kind === 'primary_leak'
    return toDispatch(network, {
      zh: `报告位置 ${nearM} 米内没有${isLeak ? '一次网管线' : '热力井'}`,
      en: `no ${isLeak ? 'primary pipe' : 'well'} within ${nearM} m of the reported place`,
    })
  }
  const found = responsibilityOf(network, near.asset, asOf, placeArea(input, near.asset))
  const distance = Math.round(near.distanceM)
  return {
    ...found,
    why: `报告位置距其 ${distance} 米;${found.why}`,
    whyEn: `${distance} m from the reported place; ${found.whyEn}`,
  }
}

/** The area of the fault's own place when that lies at the asset; a long pipe may cross a border. */
function placeArea({ network, position, asOf, nearM = NEAR_M }: RouteInput, asset: Asset) {
  const known = position !== undefined && isPipeAsset(asset) && distanceToAsset(asset, position) <= nearM
  return known ? areaAt(network, position, asOf) : areaOfAsset(network, asset, asOf)
}

/** A42: a leak that may lie in several departments goes to one only when its share is clear. */
function amongCandidates(input: RouteInput, candidates: readonly LocationCandidate[]): Responsibility {
  const { network, asOf, clearShare = CLEAR_SHARE } = input
  const shares = new Map<string, { share: number; best: Responsibility }>()
  for (const { assetId, share } of [...candidates].sort((a, b) => b.share - a.share)) {
    const asset = assetOf(network, assetId)
    const found =
      asset === undefined
        ? toDispatch(network, unknownAsset(assetId))
        : responsibilityOf(network, asset, asOf)
    const before = shares.get(found.departmentId)
    shares.set(found.departmentId, { share: (before?.share ?? 0) + share, best: before?.best ?? found })
  }
  const [first, ...others] = [...shares.values()].sort((a, b) => b.share - a.share)
  if (first === undefined) throw new Error('candidates without a department')
  if (others.length === 0) return first.best

  const parts = [first, ...others].map(({ best, share }) => `${best.departmentName} ${percent(share)}`)
  const list = { zh: parts.join('、'), en: parts.join(', ') }
  if (first.share < clearShare - 1e-9) {
    return toDispatch(network, {
      zh: `泄漏可能位置涉及多个部门(${list.zh}),均不足 ${percent(clearShare)}`,
      en: `the leak may lie with several departments (${list.en}), none with ${percent(clearShare)}`,
    })
  }
  return {
    ...first.best,
    why: `${first.best.why};泄漏可能位置的部门份额: ${list.zh}`,
    whyEn: `${first.best.whyEn}; shares of the places where the leak may lie: ${list.en}`,
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
