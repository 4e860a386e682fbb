import type { Position } from '#contract/identity.ts'
import { comparable, likeness, placesNamed } from './address-words.ts'
import { oncePerNetwork } from './assets.ts'
import { distanceToAsset, nearest } from './locate.ts'
import type { Asset, Network } from './network.ts'
import { spokenAs, syllablesOf, type Syllables } from './pinyin.ts'

export interface Found {
  readonly asset: Asset
  /** 0 … 110; only for ranking. */
  readonly score: number
  /** Great-circle metres from `near`. */
  readonly distanceM?: number
  /** Why it was found, in Chinese, most telling first. */
  readonly why: readonly string[]
}

interface Entry {
  readonly asset: Asset
  readonly id: string
  readonly name: string
  readonly address: string
  readonly devices: readonly string[]
  readonly spokenName: Syllables
  readonly spokenAddress: Syllables
}

/** Longer texts are cut: no address is longer, and every sign costs. */
const MAX_TEXT = 200
/** Below this likeness two texts have nothing to do with each other. */
const ALIKE = 0.4
const SPOKEN = { whole: 59, start: 58, within: 50 } as const
const NEAR_BONUS = 10
const NEAR_M = 2000

const entriesOf = oncePerNetwork((network): readonly Entry[] =>
  [...network.points.values(), ...network.pipes.values()].map((asset) => ({
    asset,
    id: comparable(asset.id),
    name: comparable(asset.name ?? ''),
    address: comparable(asset.address ?? ''),
    spokenName: syllablesOf(asset.name ?? ''),
    spokenAddress: syllablesOf(asset.address ?? ''),
    devices: asset.kind === 'pipe' ? [] : (asset.devices ?? []).map((device) => comparable(device.id)),
  })),
)

/**
 * Assets that a dispatcher or caller may mean by an id, a device's id, a name, an address such as
 * “迎宾路与学府街路口” or how either is spoken (yingbinlu, ybl), best first. With `near` closer ones rank higher; without a text the nearest.
 */
export function searchAssets(
  network: Network,
  text: string,
  options: { readonly near?: Position; readonly limit?: number } = {},
): readonly Found[] {
  const { near, limit = 10 } = options
  const asked = comparable(text.slice(0, MAX_TEXT))
  if (asked === '') return near === undefined ? [] : onlyNear(network, near, limit)
  const places = placesNamed(text.slice(0, MAX_TEXT))
  const entries = entriesOf(network)
  const meant = entries.flatMap((entry) => matchOf(entry, asked, places) ?? [])
  const matches = meant.length > 0 ? meant : entries.flatMap((entry) => alikeOf(entry, asked) ?? [])
  return matches
    .map((match) => (near === undefined ? match : withDistance(match, near)))
    .sort(byRank)
    .slice(0, limit)
}

function onlyNear(network: Network, near: Position, limit: number): readonly Found[] {
  return nearest(network, near, { limit }).map(({ asset, distanceM }) => ({
    asset,
    distanceM,
    score: Math.max(0, 1 - distanceM / NEAR_M) * NEAR_BONUS,
    why: [`距所给位置 ${Math.round(distanceM)} 米`],
  }))
}

function withDistance(match: Found, near: Position): Found {
  const distanceM = distanceToAsset(match.asset, near)
  const bonus = Math.max(0, 1 - distanceM / NEAR_M) * NEAR_BONUS
  const why = [...match.why, `距所给位置 ${Math.round(distanceM)} 米`]
  return { ...match, distanceM, score: match.score + bonus, why }
}

/** The best of several ways in which an asset can match; undefined when it does not. */
function matchOf(
  { asset, id, name, address, devices, spokenName, spokenAddress }: Entry,
  asked: string,
  places: readonly string[],
): Found | undefined {
  const found = (score: number, why: string): Found => ({ asset, score, why: [why] })
  // Of W-12 and W-120 in one sentence the longer is meant.
  const share = (part: string) => (5 * part.length) / asked.length
  if (id === asked) return found(100, '编号相同')
  if (devices.includes(asked)) return found(95, '设备编号相同')
  if (name === asked) return found(90, '名称相同')
  if (address === asked) return found(85, '地址相同')
  if (asked.length >= 2 && id.startsWith(asked)) return found(70, '编号以此开头')
  if (asked.length >= 2 && devices.some((device) => device.startsWith(asked))) {
    return found(65, '设备编号以此开头')
  }
  if (asked.length >= 2 && name.includes(asked)) return found(62, '名称包含')
  if (asked.length >= 2 && address.includes(asked)) return found(60, '地址包含')
  const nameSpoken = spokenAs(asked, spokenName)
  if (nameSpoken !== undefined) return found(SPOKEN[nameSpoken], '名称拼音相符')
  const addressSpoken = spokenAs(asked, spokenAddress)
  if (addressSpoken !== undefined) return found(SPOKEN[addressSpoken] - 5, '地址拼音相符')
  if (id.length >= 3 && asked.includes(id)) return found(50 + share(id), '文中提到其编号')
  if (name.length >= 3 && asked.includes(name)) return found(50 + share(name), '文中提到其名称')

  const whole = name + address
  const hit = places.filter((place) => whole.includes(place))
  if (hit.length > 0) {
    const told = lengthOf(hit) / lengthOf(places)
    return found(
      20 + 30 * told,
      `${hit.join('、')} 相符${told === 1 ? '' : `(${hit.length}/${places.length})`}`,
    )
  }
  return undefined
}

/** A slip of the pen: only where nothing was meant by its own words. */
function alikeOf({ asset, name, address }: Entry, asked: string): Found | undefined {
  const alike = Math.max(likeness(asked, name), likeness(asked, address))
  return alike >= ALIKE ? { asset, score: 20 * alike, why: ['文字相近'] } : undefined
}

function byRank(a: Found, b: Found): number {
  return b.score - a.score || (a.distanceM ?? 0) - (b.distanceM ?? 0) || (a.asset.id < b.asset.id ? -1 : 1)
}

function lengthOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + word.length, 0)
}
