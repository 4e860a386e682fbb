import { DAY, MINUTE } from '../../domain/instant.ts'

/** A screen on a wall that is awaited, and how long it has said nothing. */
interface AwaitedWall {
  readonly id: string
  readonly name: string
  readonly silentMs: number
}

/** Screens on walls: nobody sits before one, so whoever sits elsewhere is told that it has gone dark. */
export interface Walls {
  /** It has opened its feed: from now on it is awaited, in place of one of its name that is silent. */
  expect(session: string, name: string): void
  /** Somebody with this session has asked for something, as the page of a wall does all the time. */
  seen(session: string): void
  awaited(): readonly AwaitedWall[]
  /** It was taken down on purpose: not awaited until it opens its feed again. False: there is none. */
  retire(id: string): boolean
  /** Lets go of those that have signed out, and of those that have been gone for a day. */
  look(): Promise<void>
}

interface Wall {
  readonly id: string
  readonly name: string
  seenAt: number
}

export function createWalls(
  isSignedIn: (session: string) => Promise<boolean>,
  monotonic: () => number = () => performance.now(),
): Walls {
  const walls = new Map<string, Wall>()
  let last = 0
  const silence = ({ seenAt }: Wall): number => monotonic() - seenAt
  return {
    expect(session, name) {
      for (const [other, wall] of walls) {
        if (wall.name === name && silence(wall) >= MINUTE) walls.delete(other)
      }
      const id = walls.get(session)?.id ?? String((last += 1))
      walls.set(session, { id, name, seenAt: monotonic() })
    },
    seen(session) {
      const wall = walls.get(session)
      if (wall !== undefined) wall.seenAt = monotonic()
    },
    awaited: () =>
      [...walls.values()].map((wall) => ({ id: wall.id, name: wall.name, silentMs: silence(wall) })),
    retire(id) {
      const session = [...walls].find(([, wall]) => wall.id === id)?.[0]
      return session !== undefined && walls.delete(session)
    },
    async look() {
      for (const [session, wall] of walls) {
        if (silence(wall) < MINUTE) continue
        if (silence(wall) > DAY || !(await isSignedIn(session))) walls.delete(session)
      }
    },
  }
}
