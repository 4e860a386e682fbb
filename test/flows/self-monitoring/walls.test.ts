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
  const silent = () => walls.awaited().map(({ silentMs }) => silentMs)
  return { walls, silent, signedOut, pass: (ms: number) => void (now += ms) }
}

describe('P6 a screen on a wall', () => {
  it('is awaited from its first feed on, for as long as it says nothing', () => {
    const { walls, silent, pass } = theWalls()
    walls.seen('somebody else')
    walls.expect('a', '东墙')
    pass(MINUTE)
    walls.expect('b', '西墙')
    pass(MINUTE)
    expect(silent()).toEqual([2 * MINUTE, MINUTE])
    walls.seen('a')
    expect(silent()).toEqual([0, MINUTE])
  })

  it('is awaited no more once it has signed out, or has been gone for a day', async () => {
    const { walls, silent, signedOut, pass } = theWalls()
    for (const session of ['a', 'b']) walls.expect(session, session)
    signedOut.add('a')
    pass(5 * MINUTE)
    await walls.look()
    expect(silent()).toEqual([5 * MINUTE])
    pass(24 * 60 * MINUTE)
    await walls.look()
    expect(silent()).toEqual([])
  })

  it('takes the place of one of its name that is silent, and of no other', () => {
    const { walls, pass } = theWalls()
    const names = () => walls.awaited().map(({ name }) => name)
    walls.expect('a', '东墙')
    walls.expect('b', '西墙')
    walls.expect('c', '东墙')
    expect(names()).toEqual(['东墙', '西墙', '东墙'])
    pass(MINUTE)
    walls.seen('c')
    walls.expect('d', '东墙')
    expect(names()).toEqual(['西墙', '东墙', '东墙'])
  })

  it('that was taken down is awaited again when it comes back', () => {
    const { walls } = theWalls()
    walls.expect('a', '东墙')
    const [id = ''] = walls.awaited().map((wall) => wall.id)
    expect([walls.retire(id), walls.retire(id), walls.awaited().length]).toEqual([true, false, 0])
    walls.seen('a')
    expect(walls.awaited()).toEqual([])
    walls.expect('a', '东墙')
    expect(walls.awaited()).toHaveLength(1)
  })
})
