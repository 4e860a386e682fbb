import type { Level } from '#contract/vocabulary.ts'
import { RUNGS, type Rung } from './ladder.ts'
import type { Address, Urgency } from './notification.ts'

/** Someone who can be reached; what the roster knows of how. */
export interface Contact {
  readonly id: string
  readonly name: string
  readonly phone?: string
  readonly email?: string
}

export const CHANNEL_TYPES = ['wecom', 'dingtalk', 'feishu', 'email', 'sms', 'webhook'] as const
export type ChannelType = (typeof CHANNEL_TYPES)[number]

/** Which notifications a channel takes; what is left out is not limited. */
export interface ChannelScope {
  readonly id: string
  readonly type: ChannelType
  readonly departments?: readonly string[]
  readonly rungs?: readonly Rung[]
  readonly levels?: readonly Level[]
}

/** Whom it has reached: the rung asked for, or the first one above it that somebody holds. */
export interface Reached {
  readonly rung: Rung
  readonly people: readonly Contact[]
}

/**
 * The people of a rung. With nobody on duty it climbs, so that no message is addressed to an empty chair;
 * with nobody anywhere it stays where it was, and only groups and fixed addresses can be written to.
 */
export function reach(rung: Rung, holders: ReadonlyMap<Rung, readonly Contact[]>): Reached {
  for (const each of RUNGS.slice(RUNGS.indexOf(rung))) {
    const people = holders.get(each) ?? []
    if (people.length > 0) return { rung: each, people }
  }
  return { rung, people: [] }
}

/**
 * The channels of a notification in the order to try them: as configured, SMS behind the others and for
 * alarms only. `to` may have climbed: both the rung it was for and the one it reached open a channel.
 */
export function channelsFor(
  to: Address & { readonly reached: Rung },
  of: { readonly urgency: Urgency; readonly level?: Level },
  scopes: readonly ChannelScope[],
): readonly string[] {
  const open = scopes.filter(
    (scope) =>
      scope.type !== 'webhook' &&
      (scope.type !== 'sms' || of.urgency === 'alarm') &&
      (scope.departments?.includes(to.departmentId) ?? true) &&
      (of.level === undefined || (scope.levels?.includes(of.level) ?? true)) &&
      (scope.rungs === undefined || scope.rungs.includes(to.rung) || scope.rungs.includes(to.reached)),
  )
  const last = open.filter(({ type }) => type === 'sms')
  return [...open.filter(({ type }) => type !== 'sms'), ...last].map(({ id }) => id)
}
