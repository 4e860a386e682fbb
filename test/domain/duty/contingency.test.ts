import { describe, expect, it } from 'vitest'
import { TICKET_KINDS } from '../../../server/contract/vocabulary.ts'
import { clauseOf } from '../../../server/domain/policy/citation.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import { contingencyOf } from '../../../server/domain/duty/contingency-items.ts'

const EMERGENCY_KINDS = TICKET_KINDS.filter((kind) => WUDA.kinds[kind].emergency)

describe('contingency plans', () => {
  it('exist for every emergency kind and for no other', () => {
    const withPlan = TICKET_KINDS.filter((kind) => contingencyOf(kind).length > 0)
    expect(withPlan).toEqual(EMERGENCY_KINDS)
  })

  it.each(EMERGENCY_KINDS)('of %s has each item once, in both languages, for both sides', (kind) => {
    const items = contingencyOf(kind)
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
    for (const { text, id } of items) {
      expect(text.zh).toMatch(/\p{Script=Han}/u)
      expect(text.en).toMatch(/^[\x20-\x7e’]+$/)
      expect(id).toMatch(/^[a-z_]+$/)
    }
    expect(new Set(items.map(({ by }) => by))).toEqual(new Set(['crew', 'dispatch']))
  })

  it('ask of a primary leak barrier and cordon, apart, and the report to customer service (R-59, R-60)', () => {
    const literal = contingencyOf('primary_leak').filter(({ inferred }) => !inferred)
    const ids = literal.filter(({ cites }) => clauseOf(WUDA, cites) === '第八条3(4)').map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['barrier', 'cordon', 'report_service', 'plan_confirmed']))
  })

  it('ask of every kind the order to the crew and the report of the scene (R-36, R-52)', () => {
    for (const kind of EMERGENCY_KINDS) {
      const ids = contingencyOf(kind).map(({ id }) => id)
      expect(ids).toEqual(expect.arrayContaining(['order_crew', 'report_scene']))
    }
  })
})
