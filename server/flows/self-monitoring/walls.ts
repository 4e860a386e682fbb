import { DAY, MINUTE } from '../../domain/instant.ts'

/** Screens on walls: nobody sits before one, so whoever sits elsewhere is told that it has gone dark. */
export interface Walls {
  /** It has opened its feed: from now on it is awaited. */
  expect(session: string): void
  /** Somebody with this session has asked for something, as the page of a wall does all the time. */
  seen(session: string): void
  /** How long each that is awaited has said nothing, ms. */
  silent(): readonly number[]
  /** Lets go of those that have signed out, and of those that have been gone for a day. */
  look(): Promise<void>
}

export function createWalls(
  isSignedIn: (session: string) => Promise<boolean>,
  monotonic: () => number = () => performance.now(),
): Walls {
  const seenAt = new Map<string, number>()
  const silence = (at: number): number => monotonic() - at
  return {
    expect: (session) => void seenAt.set(session, monotonic()),
    seen(session) {
      if (seenAt.has(session)) seenAt.set(session, monotonic())
    },
    silent: () => [...seenAt.values()].map(silence),
    async look() {
      for (const [session, at] of seenAt) {
        if (silence(at) < MINUTE) continue
        if (silence(at) > DAY || !(await isSignedIn(session))) seenAt.delete(session)
      }
    },
  }
}
