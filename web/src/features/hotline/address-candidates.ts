import type { Position } from '#contract/identity.ts'
import type { AssetKind } from '#contract/vocabulary.ts'
import { ROUTES } from '#contract/routes.ts'
import { request } from '../../base/api/request.ts'
import { findPlaces } from '../../model/find-places.ts'
import type { NetworkIndex } from '../../model/network-index.ts'

export interface Candidate {
  readonly id: string
  readonly name: string
  readonly address: string
  readonly symbol: string
  readonly position: Position | undefined
  readonly distanceM: number | undefined
}

interface AssetAnswer {
  readonly id: string
  readonly name?: string
  readonly kind: AssetKind
  readonly address?: string
  readonly position?: Position
  readonly distanceM?: number
}

const SYMBOLS = {
  source: 'source',
  station: 'station',
  well: 'well-sensor',
  valve: 'valve-open',
  pipe: 'well',
} as const
const MOST = 4

/** Facilities that an address may mean: the server's search, else the drawing's own names. */
export async function addressCandidates(
  address: string,
  index: NetworkIndex,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const query = new URLSearchParams({ q: address })
  const answer = await request<{ items?: readonly AssetAnswer[] } | readonly AssetAnswer[]>(
    `${ROUTES.assets}?${query}`,
    { signal },
  )
  if (!answer.ok) return local(address, index)
  const found =
    'items' in answer.value ? (answer.value.items ?? []) : (answer.value as readonly AssetAnswer[])
  return found
    .slice(0, MOST)
    .map((asset) => ({
      id: asset.id,
      name: asset.name ?? asset.id,
      address: asset.address ?? '',
      symbol: SYMBOLS[asset.kind] ?? 'well',
      position: asset.position ?? index.assets.get(asset.id)?.position,
      distanceM: asset.distanceM,
    }))
}

function local(address: string, index: NetworkIndex): readonly Candidate[] {
  return findPlaces(address, index, [])
    .slice(0, MOST)
    .flatMap(({ assetId, name, more, symbol }) => {
      const asset = assetId === undefined ? undefined : index.assets.get(assetId)
      if (asset === undefined) return []
      return [{ id: asset.id, name, address: more, symbol, position: asset.position, distanceM: undefined }]
    })
}
