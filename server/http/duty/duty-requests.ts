import Type from 'typebox'
import { isRefusal, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import type { Instant } from '../../domain/instant.ts'
import { queryInstant, queryStretch } from '../core/times.ts'

const Text = Type.Optional(Type.String({ maxLength: 64 }))
export const StretchQuery = Type.Object({ from: Text, to: Text, department: Text })

/** Rights come before fields: who may do this nowhere hears that first. */
export function refuseStranger(
  actor: Person,
  deed: 'edit_roster' | 'test_phone' = 'edit_roster',
): Refusal | undefined {
  const { departmentId } = actor
  return refuseUnless(actor, deed, departmentId === undefined ? undefined : { departmentId, crewIds: [] })
}

/** The stretch that a query asks for, or the usual one, bounded. */
export function stretchOf(
  query: { from?: string; to?: string },
  usual: { readonly from: Instant; readonly to: Instant; readonly maxDays: number },
) {
  const from = queryInstant(query.from, 'from')
  if (isRefusal(from)) return from
  const to = queryInstant(query.to, 'to')
  if (isRefusal(to)) return to
  const begin = from ?? usual.from
  return queryStretch(begin, to ?? begin + (usual.to - usual.from), usual.maxDays)
}
