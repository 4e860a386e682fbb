import type { AssetHit } from '#contract/asset.ts'
import type { TicketView } from '#contract/ticket.ts'
import type { NetworkIndex } from './network-index.ts'

export interface Found {
  readonly key: string
  readonly name: string
  readonly more: string
  readonly symbol: string
  readonly assetId?: string
  readonly ticketId?: string
}

const MOST = 8
const SYMBOLS = {
  source: 'source',
  station: 'station',
  well: 'well-sensor',
  valve: 'valve-open',
  pipe: 'well',
} as const

/** Tickets by number, facilities by name, id or address; best first: what begins with the words. */
export function findPlaces(
  query: string,
  index: NetworkIndex,
  tickets: Iterable<TicketView>,
): readonly Found[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return []
  const found: { rank: number; item: Found }[] = []
  for (const ticket of tickets) {
    const rank = rankOf(wanted, [ticket.number, ticket.address])
    if (rank === undefined) continue
    const item = {
      key: ticket.id,
      name: ticket.number,
      more: ticket.address ?? '',
      symbol: 'call-done',
      ticketId: ticket.id,
    }
    found.push({ rank, item })
  }
  for (const asset of index.assets.values()) {
    const rank = rankOf(wanted, [asset.name, asset.id, asset.address])
    if (rank === undefined || asset.kind === 'pipe') continue
    const item = {
      key: asset.id,
      name: asset.name,
      more: asset.address ?? '',
      symbol: SYMBOLS[asset.kind],
      assetId: asset.id,
    }
    found.push({ rank: rank + 0.5, item })
  }
  return found
    .sort((a, b) => a.rank - b.rank || a.item.name.localeCompare(b.item.name, 'zh-CN', { numeric: true }))
    .slice(0, MOST)
    .map(({ item }) => item)
}

function rankOf(wanted: string, texts: readonly (string | undefined)[]): number | undefined {
  const places = texts.flatMap((text) => {
    const at = text?.toLowerCase().indexOf(wanted) ?? -1
    return at < 0 ? [] : [at === 0 ? 0 : 1]
  })
  return places.length === 0 ? undefined : Math.min(...places)
}

/** Letters alone may be how a name is spoken, which only the server can tell. */
export function mayBeSpoken(query: string): boolean {
  return /^[a-z][a-z0-9 ]+$/i.test(query.trim())
}

/** What was found here, and behind it what the server found besides. */
export function withSpoken(found: readonly Found[], spoken: readonly AssetHit[]): readonly Found[] {
  const known = new Set(found.map(({ key }) => key))
  const more = spoken
    .filter(({ id, kind }) => !known.has(id) && kind !== 'pipe')
    .map(({ id, kind, name = id, address = '' }) => ({
      key: id,
      name,
      more: address,
      symbol: SYMBOLS[kind],
      assetId: id,
    }))
  return [...found, ...more].slice(0, MOST)
}
