import { describe, expect, it } from 'vitest'
import { createWalls } from '../../../server/flows/self-monitoring/walls.ts'

const MINUTE = 60_000

function theWalls() {
  let now = 0
  const signedOut = new Set<string>()
  const walls = createWalls(
    (session) => Promise.resolve(!signedOut.has(session)),
    () => now,
  )
  return { walls, signedOut, pass: (ms: number) => void (now += ms) }
}

describe('P6 a screen on a wall', () => {
  it('is awaited from its first feed on, for as long as it says nothing', () => {
    const { walls, pass } = theWalls()
    walls.seen('somebody else')
    walls.expect('a')
    pass(MINUTE)
    walls.expect('b')
    pass(MINUTE)
    expect(walls.silent()).toEqual([2 * MINUTE, MINUTE])
    walls.seen('a')
    expect(walls.silent()).toEqual([0, MINUTE])
  })

  it('is awaited no more once it has signed out, or has been gone for a day', async () => {
    const { walls, signedOut, pass } = theWalls()
    for (const session of ['a', 'b']) walls.expect(session)
    signedOut.add('a')
    pass(5 * MINUTE)
    await walls.look()
    expect(walls.silent()).toEqual([5 * MINUTE])
    pass(24 * 60 * MINUTE)
    await walls.look()
    expect(walls.silent()).toEqual([])
  })
})
