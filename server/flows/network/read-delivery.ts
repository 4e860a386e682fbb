import type { ImportGroup } from '#contract/import-mistake.ts'
import type { Position } from '#contract/identity.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { CrsChoice, LayerSummary, NetworkMapping } from '#contract/network-mapping.ts'
import { convertLayers } from '../../domain/network/delivery/convert.ts'
import { groupFindings } from '../../domain/network/delivery/group-findings.ts'
import { guessMapping } from '../../domain/network/delivery/guess-mapping.ts'
import type { SourceLayer } from '../../domain/network/delivery/source-layer.ts'
import { summariseLayer } from '../../domain/network/delivery/summarise-layer.ts'
import { writeFeatures } from '../../domain/network/delivery/write-features.ts'

export interface DeliveredFile {
  readonly name: string
  readonly bytes: Uint8Array
}

export interface DeliveryOrder {
  readonly files: readonly DeliveredFile[]
  /** As a person matched it, or kept from an earlier delivery; what it does not say is guessed. */
  readonly mapping?: Partial<NetworkMapping>
  readonly crs?: CrsChoice
  /** The middle of the network that stands. */
  readonly near?: Position
}

export type DeliveryRead =
  | { readonly kind: 'bad'; readonly said: LocalizedText }
  | {
      readonly kind: 'read'
      /** The network file that the delivery becomes. */
      readonly geoJson: Uint8Array<ArrayBuffer>
      readonly layers: LayerSummary[]
      readonly mapping: NetworkMapping
      readonly problems: ImportGroup[]
      readonly notes: ImportGroup[]
      readonly residualsM?: number[]
    }

export type Progress = (share: number) => void

/** Reads files and turns them into a network file, elsewhere than in the main thread. */
export type ReadDelivery = (order: DeliveryOrder, progress?: Progress) => Promise<DeliveryRead>

/** What is done with the layers once they are read: matched, turned, joined, written. */
export function understandLayers(
  layers: readonly SourceLayer[],
  { mapping: kept, crs, near }: Omit<DeliveryOrder, 'files'>,
): DeliveryRead {
  if (layers.length === 0) {
    return { kind: 'bad', said: { zh: '文件里没有任何要素或行', en: 'the files have no feature and no row' } }
  }
  const guess = guessMapping(layers, kept)
  const mapping = crs === undefined ? guess : { ...guess, crs }
  const done = convertLayers(layers, mapping, near === undefined ? {} : { near })
  const text = JSON.stringify(writeFeatures(done.features))
  return {
    kind: 'read',
    geoJson: new TextEncoder().encode(text),
    layers: layers.map(summariseLayer),
    mapping,
    problems: groupFindings(done.problems),
    notes: groupFindings(done.notes),
    ...(done.residualsM === undefined ? {} : { residualsM: [...done.residualsM] }),
  }
}
