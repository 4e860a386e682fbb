import type { ImportMistake } from '#contract/import-mistake.ts'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { DeviceListAnswer } from '#contract/device-list.ts'
import type { ImportAnswer } from '#contract/network.ts'
import type { Instant } from '../../domain/instant.ts'
import { buildNetwork } from '../../domain/network/build.ts'
import { changeDevices, type DeviceOrder } from '../../domain/network/change-devices.ts'
import { correctedFeatures, type AssetCorrection } from '../../domain/network/correct-asset.ts'
import { doubtOfPlaces } from '../../domain/network/import/places.ts'
import { prepareImport, readNetworkBytes, saidTwice } from '../../domain/network/import/prepare.ts'
import type { ListedDevice, StandingFile } from '../../domain/network/listed-devices.ts'
import type { Department, Network } from '../../domain/network/network.ts'
import type { RoutingTable } from '../../domain/network/routing-table.ts'

/** One import, wholly as plain values, so that it can be done in a thread of its own. */
export interface NetworkWork {
  /** A network file's bytes, what is put right in one asset, or what is done to devices. */
  readonly incoming: Uint8Array | AssetCorrection | DeviceOrder
  /** The network that stands, packed; undefined before the first import. */
  readonly standing?: Uint8Array
  readonly departments: readonly Department[]
  readonly replace: boolean
  /** Then only the answer is made. */
  readonly dryRun: boolean
  readonly at: Instant
}

export interface NetworkMade {
  readonly features: StandingFile['features']
  readonly listed?: readonly ListedDevice[]
  readonly packed: Uint8Array
}

export type NetworkWorkDone =
  | {
      readonly kind: 'bad'
      readonly mistakes: readonly ImportMistake[]
      readonly code?: 'bad-value' | 'conflict' | 'not-found'
    }
  | { readonly kind: 'good'; readonly answer: ImportAnswer | DeviceListAnswer; readonly made?: NetworkMade }

const NOTHING: StandingFile = { type: 'FeatureCollection', features: [] }

export function packNetwork(file: StandingFile): Uint8Array {
  return zstdCompressSync(JSON.stringify(file))
}

/** A file that was checked when it was packed. */
function unpackNetwork(packed: Uint8Array): StandingFile {
  return JSON.parse(zstdDecompressSync(packed).toString('utf8')) as StandingFile
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

interface From {
  readonly properties?: { readonly id?: unknown }
  readonly origin?: [number, number]
}

/** Mistakes with the layer and row of the delivery that their feature came from, where it came from one. */
function withOrigins(mistakes: readonly ImportMistake[], raw: unknown): readonly ImportMistake[] {
  const wanted = new Map(mistakes.map(({ featureId }) => [featureId, undefined as ImportMistake['origin']]))
  const features = (raw as { features?: unknown } | null)?.features
  for (const [i, feature] of (Array.isArray(features)
    ? (features as readonly (From | null)[])
    : []
  ).entries()) {
    for (const name of [String(feature?.properties?.id), `features[${i}]`]) {
      if (wanted.has(name) && wanted.get(name) === undefined) wanted.set(name, feature?.origin)
    }
  }
  return mistakes.map((mistake) => {
    const origin = wanted.get(mistake.featureId)
    return origin === undefined ? mistake : { ...mistake, origin }
  })
}

function namesCrs(raw: unknown): boolean {
  return ((raw as { crs?: unknown } | null)?.crs ?? undefined) !== undefined
}

function incomingOf(
  incoming: Uint8Array | AssetCorrection,
  file: StandingFile,
): { readonly raw: unknown } | { readonly mistakes: readonly ImportMistake[] } {
  if (incoming instanceof Uint8Array) {
    const read = readNetworkBytes(incoming)
    return 'mistake' in read ? { mistakes: [read.mistake] } : read
  }
  const { features, mistakes } = correctedFeatures(file.features, incoming)
  return mistakes.length > 0 ? { mistakes } : { raw: { type: 'FeatureCollection', features } }
}

/** Reads, checks, merges and packs. Takes about 30 ms for 1,000 assets, seconds for 50 MB. */
export function doNetworkWork(work: NetworkWork): NetworkWorkDone {
  const file = work.standing === undefined ? NOTHING : unpackNetwork(work.standing)
  if ('verb' in work.incoming) return doDeviceWork(file, work.incoming, work)
  const read = incomingOf(work.incoming, file)
  if ('mistakes' in read) return { kind: 'bad', mistakes: read.mistakes }
  const prepared = prepareImport(read.raw, { file, departments: work.departments }, work)
  if (prepared.kind === 'bad') return { kind: 'bad', mistakes: withOrigins(prepared.mistakes, read.raw) }
  const { file: made } = prepared
  const doubt = work.standing === undefined && !namesCrs(read.raw) ? doubtOfPlaces(made.features) : []
  const doubts = saidTwice(doubt)
  const answer = {
    ...prepared.answer,
    warnings: [...doubts.warnings, ...prepared.answer.warnings],
    warningsEn: [...(doubts.warningsEn ?? []), ...(prepared.answer.warningsEn ?? [])],
  }
  if (work.dryRun) return { kind: 'good', answer }
  return { kind: 'good', answer, made: madeOf(made) }
}

function madeOf(file: StandingFile): NetworkMade {
  const { features, listed } = file
  return { features, ...(listed === undefined ? {} : { listed }), packed: packNetwork(file) }
}

function doDeviceWork(
  file: StandingFile,
  order: DeviceOrder,
  { dryRun, at }: Pick<NetworkWork, 'dryRun' | 'at'>,
): NetworkWorkDone {
  const done = changeDevices(file, order, at)
  if (done.kind === 'bad') return done
  const { added, changed, removed, unchanged, warnings } = done
  const answer = { added, changed, removed, unchanged, ...saidTwice(warnings) }
  return { kind: 'good', answer, ...(dryRun ? {} : { made: madeOf(done.file) }) }
}
