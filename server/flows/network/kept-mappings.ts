import type { NetworkMapping } from '#contract/network-mapping.ts'
import type { Instant } from '../../domain/instant.ts'

export interface KeptMapping {
  readonly name: string
  readonly mapping: NetworkMapping
  readonly savedAt: Instant
  readonly savedBy: string
}

/** Where matchings of columns are kept by name, for the next delivery of the same files. */
export interface KeptMappings {
  all(): Promise<readonly KeptMapping[]>
  /** Replaces the one of that name. */
  save(kept: KeptMapping): Promise<void>
}
