import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { ImportAnswer, ImportMistake, NetworkFile } from '#contract/network.ts'
import type { Instant } from '../../domain/instant.ts'
import { buildNetwork } from '../../domain/network/build.ts'
import { doubtOfPlaces } from '../../domain/network/import/places.ts'
import { prepareImport, readNetworkBytes } from '../../domain/network/import/prepare.ts'
import type { Department, Network } from '../../domain/network/network.ts'
import type { RoutingTable } from '../../domain/network/routing-table.ts'

/** One import, wholly as plain values, so that it can be done in a thread of its own. */
export interface NetworkWork {
  readonly incoming: Uint8Array
  /** The network that stands, packed; undefined before the first import. */
  readonly standing?: Uint8Array
  readonly departments: readonly Department[]
  readonly replace: boolean
  /** Then only the answer is made. */
  readonly dryRun: boolean
  readonly at: Instant
}

export interface NetworkMade {
  readonly features: NetworkFile['features']
  readonly packed: Uint8Array
}

export type NetworkWorkDone =
  | { readonly kind: 'bad'; readonly mistakes: readonly ImportMistake[] }
  | { readonly kind: 'good'; readonly answer: ImportAnswer; readonly made?: NetworkMade }

const NOTHING: NetworkFile = { type: 'FeatureCollection', features: [] }

export function packNetwork(file: NetworkFile): Uint8Array {
  return zstdCompressSync(JSON.stringify(file))
}

/** A file that was checked when it was packed. */
function unpackNetwork(packed: Uint8Array): NetworkFile {
  return JSON.parse(zstdDecompressSync(packed).toString('utf8')) as NetworkFile
}

/** What another thread builds a network from: a tenth of what a copy of the network itself costs. */
export interface PackedNetwork {
  readonly version: number
  readonly packed: Uint8Array
  readonly departments: readonly Department[]
  readonly routing: RoutingTable
}

export function networkFrom({ packed, version, departments, routing }: PackedNetwork): Network {
  return buildNetwork(unpackNetwork(packed), version, departments, routing)
}

function namesCrs(raw: unknown): boolean {
  return ((raw as { crs?: unknown } | null)?.crs ?? undefined) !== undefined
}

/** Reads, checks, merges and packs. Takes about 30 ms for 1,000 assets, seconds for 50 MB. */
export function doNetworkWork(work: NetworkWork): NetworkWorkDone {
  const read = readNetworkBytes(work.incoming)
  if ('mistake' in read) return { kind: 'bad', mistakes: [read.mistake] }
  const file = work.standing === undefined ? NOTHING : unpackNetwork(work.standing)
  const prepared = prepareImport(read.raw, { file, departments: work.departments }, work)
  if (prepared.kind === 'bad') return prepared
  const { file: made } = prepared
  const doubt = work.standing === undefined && !namesCrs(read.raw) ? doubtOfPlaces(made.features) : []
  const answer = { ...prepared.answer, warnings: [...doubt, ...prepared.answer.warnings] }
  if (work.dryRun) return { kind: 'good', answer }
  return { kind: 'good', answer, made: { features: made.features, packed: packNetwork(made) } }
}
