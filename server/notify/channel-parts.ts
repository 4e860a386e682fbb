import type { ChannelScope } from '../domain/notification/reach.ts'
import type { Guard } from './guard.ts'
import type { Language } from './words.ts'

/** What a channel over HTTP is made of. Signatures need the wall clock, whatever the business clock says. */
export interface ChannelParts {
  readonly scope: Omit<ChannelScope, 'type'>
  readonly url: string
  /** A robot's; empty where the robot has none. */
  readonly secret: string
  /** A webhook's; two while it is being changed. */
  readonly secrets: readonly string[]
  readonly guard: Guard
  readonly language: Language
  readonly wallNow: () => number
}
