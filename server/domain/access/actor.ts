import type { Role } from '#contract/vocabulary.ts'

/** Who does something: a person with roles, or one of our own parts. */
export type Actor =
  Person | { readonly kind: 'schedule' | 'detector'; readonly id: string; readonly name: string }

export interface Person {
  readonly kind: 'person'
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly departmentId?: string
  /** A program's key opens these routes and no others, whatever its roles would allow. */
  readonly onlyRoutes?: readonly string[]
  /** A key of this machine's own commands opens nothing when it comes from another. */
  readonly onlyHere?: true
}

export const SCHEDULE: Actor = { kind: 'schedule', id: 'schedule', name: '系统时钟' }
export const DETECTOR: Actor = { kind: 'detector', id: 'detector', name: '监测' }
