import { describe, expect, it } from 'vitest'
import { rowOf } from '../../web/src/model/due-list.ts'
import { heldOrder } from '../../web/src/model/held-order.ts'
import { aTicket } from './samples.ts'

const rows = (...ids: string[]) => ids.map((id) => rowOf(aTicket({ id }), new Map()))
const ids = (fresh: string[], shown: string[]): string[] =>
  heldOrder(rows(...fresh), shown).map(({ ticket }) => ticket.id)

describe('the list under a pointer', () => {
  it('keeps its order while the due times change places', () => {
    expect(ids(['c', 'a', 'b'], ['a', 'b', 'c'])).toEqual(['a', 'b', 'c'])
  })

  it('lets go of what has left', () => {
    expect(ids(['c', 'a'], ['a', 'b', 'c'])).toEqual(['a', 'c'])
  })

  it('takes in what is new before the row that follows it by time', () => {
    expect(ids(['a', 'new', 'b'], ['a', 'b'])).toEqual(['a', 'new', 'b'])
    expect(ids(['a', 'b', 'new'], ['a', 'b'])).toEqual(['a', 'b', 'new'])
  })
})
