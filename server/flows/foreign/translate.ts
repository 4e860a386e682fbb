import type { Encoding } from '#contract/profiles.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Translation } from '../../domain/translation/read-translation.ts'

/** A message of a platform, as it came. */
export interface ForeignMessage {
  /** MQTT topic; empty where it was pushed over HTTP. */
  readonly topic: string
  readonly bytes: Uint8Array
  readonly receivedAt: Instant
}

/** What of a profile a translation needs. */
export interface Recipe {
  readonly encoding: Encoding
  readonly expression: string
}

/** Translates elsewhere than in the main thread; a stalled or greedy expression harms only its own messages. */
export interface Translator {
  translate(recipe: Recipe, message: ForeignMessage): Promise<Translation>
  /** What is wrong with an expression, in a sentence; undefined when it can be run. */
  check(expression: string): Promise<LocalizedText | undefined>
  close(): Promise<void>
}
