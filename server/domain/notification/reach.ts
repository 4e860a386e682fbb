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

/** Which notifications a channel takes; what is left out is not limited. */
export interface ChannelScope {
  readonly id: string
  readonly audience: 'people' | 'programs'
  /** It takes nothing but alarms. */
  readonly alarmsOnly?: boolean
  /** It is tried behind all others. */
  readonly last?: boolean
  readonly departments?: readonly string[] | undefined
  readonly rungs?: readonly Rung[] | undefined
  readonly levels?: readonly Level[] | undefined
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
 * The channels of a notification in the order to try them: as configured, `last` ones behind the others. `to` may have climbed: both the rung it was for and the one it reached open a channel.
 */
export function channelsFor(
  to: Address & { readonly reached: Rung },
  of: { readonly urgency: Urgency; readonly level?: Level },
  scopes: readonly ChannelScope[],
): readonly string[] {
  const open = scopes.filter(
    (scope) =>
      scope.audience === 'people' &&
      (scope.alarmsOnly !== true || of.urgency === 'alarm') &&
      (scope.departments?.includes(to.departmentId) ?? true) &&
      (of.level === undefined || (scope.levels?.includes(of.level) ?? true)) &&
      (scope.rungs === undefined || scope.rungs.includes(to.rung) || scope.rungs.includes(to.reached)),
  )
  return open.toSorted((a, b) => Number(a.last ?? false) - Number(b.last ?? false)).map(({ id }) => id)
}
