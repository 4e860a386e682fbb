import { localDate } from '../policy/calendar.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import type { CallbackAttempt, LinkedCall } from './ticket.ts'

/** Has every caller been reached, or been given up on after the policy's attempts on its days (G4)? */
export function areCalledBack(
  calls: readonly LinkedCall[],
  attempts: readonly CallbackAttempt[],
  { settings }: PolicyPack,
): boolean {
  return calls.every(({ id }) => {
    if (isReached(id, attempts)) return true
    const own = attempts.filter(({ callId }) => callId === id)
    const days = new Set(own.map(({ at }) => localDate(at)))
    return own.length >= settings.unreachableAttempts && days.size >= settings.unreachableDays
  })
}

/** Has this caller been spoken with? */
export function isReached(id: string, attempts: readonly CallbackAttempt[]): boolean {
  return attempts.some(({ callId, reached }) => callId === id && reached)
}
