import { describe, expect, it } from 'vitest'
import { DAY } from '../../../server/domain/instant.ts'
import { createUnknownSenders } from '../../../server/flows/readings/unknown-senders.ts'

function aList() {
  const clock = { at: Date.UTC(2026, 0, 15) }
  const list = createUnknownSenders(
    () => clock.at,
    (id) => id === 'known',
  )
  return { clock, list }
}

describe('senders that were heard and are not known', () => {
  it('stand with why, how often and since when', () => {
    const { clock, list } = aList()
    const firstAt = clock.at
    list.refused({ reason: 'wrong_secret', clientId: 'known' })
    clock.at += 1000
    list.refused({ reason: 'wrong_secret', clientId: 'known' })
    expect(list.list()).toMatchObject([
      { clientId: 'known', reason: 'wrong_secret', count: 2, firstAt, lastAt: firstAt + 1000 },
    ])
  })

  it('leave out what no device can help, such as a broken frame', () => {
    const { list } = aList()
    list.refused({ reason: 'malformed', clientId: 'x' })
    list.refused({ reason: 'constructor', clientId: 'x' })
    expect(list.list()).toEqual([])
  })

  it('keep one that comes again while a million invented names pass, and no more than a thousand in all', () => {
    const { list } = aList()
    list.hear({ clientId: 'modem', reason: 'foreign_topic', topic: 'a/b' })
    list.hear({ clientId: 'modem', reason: 'foreign_topic', topic: 'a/b' })
    for (let n = 0; n < 1_000_000; n += 1) list.hear({ clientId: `x${n}`, reason: 'unknown_device' })
    expect(list.list().length).toBeLessThanOrEqual(1000)
    expect(list.list().map(({ clientId }) => clientId)).toContain('modem')
    expect(list.dropped()).toBe(999_500)
  })

  it('are made printable and short, whatever they call themselves', () => {
    const { list } = aList()
    list.hear({ clientId: `<b>\n${'x'.repeat(60_000)}`, reason: 'bad_id', body: Buffer.alloc(60_000, 7) })
    const [one] = list.list()
    expect(one?.clientId).toMatch(/^<b>\\x0ax{60}$/)
    expect(one?.sample.length).toBe(512 * 4)
  })

  it('are there again after a restart, and gone after a week', () => {
    const { clock, list } = aList()
    list.hear({ clientId: 'a', reason: 'unknown_device' })
    list.hear({ clientId: 'b', reason: 'unknown_device' })
    const again = aList()
    again.list.restore(structuredClone(list.snapshot()))
    expect(again.list.list()).toEqual(list.list())
    clock.at += 8 * DAY
    expect(list.list()).toEqual([])
  })
})
