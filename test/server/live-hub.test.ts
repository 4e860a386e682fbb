import { describe, expect, it } from 'vitest'
import { createLiveHub } from '../../server/live/live-hub.ts'

describe('the live hub', () => {
  it('hands a returning screen exactly what it missed', () => {
    const hub = createLiveHub('e1')
    hub.publish('ticket', 't1', 1)
    const cursor = hub.cursor()
    hub.publish('ticket', 't2', 2)
    hub.publish('asset', 'a1', 3)
    expect(hub.since(cursor)?.map(({ data }) => data)).toEqual([2, 3])
    expect(hub.since(hub.cursor())).toEqual([])
  })

  it('knows no cursor of an earlier run, of the future or from too long ago', () => {
    const hub = createLiveHub('e2', 10)
    for (let i = 0; i < 25; i += 1) hub.publish('asset', 'a', i)
    expect(hub.since('e1-3')).toBeUndefined()
    expect(hub.since('e2-99')).toBeUndefined()
    expect(hub.since('nonsense')).toBeUndefined()
    expect(hub.since('e2-1')).toBeUndefined()
    expect(hub.since('e2-20')).toHaveLength(5)
  })

  it('sends every screen back for a snapshot when something cannot be told', () => {
    const hub = createLiveHub('e4')
    hub.publish('asset', 'a', 1)
    const cursor = hub.cursor()
    let ended = 0
    const leave = hub.subscribe(
      () => undefined,
      () => (ended += 1),
    )
    hub.startAnew()
    expect(ended).toBe(1)
    expect(hub.since(cursor)).toBeUndefined()
    expect(hub.since(hub.cursor())).toEqual([])
    leave()
    hub.startAnew()
    expect(ended).toBe(1)
  })

  it('stops calling who has left', () => {
    const hub = createLiveHub('e3')
    const seen: unknown[] = []
    const leave = hub.subscribe(({ data }) => seen.push(data))
    hub.publish('asset', 'a', 1)
    leave()
    hub.publish('asset', 'a', 2)
    expect(seen).toEqual([1])
    expect(hub.subscribers()).toBe(0)
  })

  it('reads what is announced once a screen is told, for all of them once', () => {
    const hub = createLiveHub('e5')
    let reads = 0
    const read = (): number => (reads += 1)
    const cursor = hub.cursor()
    hub.announce('asset', 'a', read)
    expect(reads).toBe(0)
    expect(hub.since(cursor)?.map(({ data }) => data)).toEqual([1])
    const told: unknown[] = []
    hub.subscribe(({ data }) => told.push(data))
    hub.subscribe(({ data }) => told.push(data))
    hub.announce('asset', 'a', read)
    expect(told).toEqual([2, 2])
  })
})
