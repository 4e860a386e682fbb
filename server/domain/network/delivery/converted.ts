import type { Properties } from './row-properties.ts'
import type { Finding, SourceGeometry } from './source-layer.ts'

export interface DraftFeature {
  readonly properties: Properties & { readonly id?: unknown }
  readonly geometry: SourceGeometry | undefined
  /** Index of the layer and the row in it. */
  readonly origin: readonly [number, number]
}

export interface Converted {
  readonly features: readonly DraftFeature[]
  /** What stands against the import. */
  readonly problems: readonly Finding[]
  readonly notes: readonly Finding[]
  readonly residualsM?: readonly number[]
}
