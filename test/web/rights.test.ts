import { describe, expect, it } from 'vitest'
import type { Person } from '../../server/domain/access/actor.ts'
import { pagesOf } from '../../web/src/model/pages-of.ts'
import { hangs, isWall, screenName } from '../../web/src/model/is-wall-display.ts'
import type { Position } from '#contract/identity.ts'
import { inState, offersIn } from '../domain/ticket/at-state.ts'
import { CREW, DISPATCHER, OFFICER, OPERATOR } from '../domain/ticket/history.ts'
import { mergeTargets } from '../../web/src/parts/grouping/merge-targets.ts'
import { anIncident } from './samples.ts'

describe('pages', () => {
  it('are those that a role has work on', () => {
    expect(pagesOf(['dispatcher'])).toContain('review')
    expect(pagesOf(['dispatcher'])).not.toContain('users')
    expect(pagesOf(['admin'])).toContain('users')
    expect(pagesOf(['crew'])).not.toContain('review')
    expect(pagesOf(['wall'])).toEqual(['desk', 'policy'])
  })
})

describe('the wall', () => {
  it.each([
    ['?wall=1&screen=东墙', '东墙'],
    ['?wall=1&screen=%20', undefined],
    ['?wall=1', undefined],
  ])('at %s is called %s', (search, name) => {
    expect(screenName(search)).toBe(name)
  })

  it('is what an account that is nothing else gets, unless its address asks for the desk', () => {
    expect([hangs(['wall']), hangs(['wall', 'dispatcher']), hangs([])]).toEqual([true, false, false])
    expect([isWall('', true), isWall('', false)]).toEqual([true, false])
    expect([isWall('?wall=1', false), isWall('?wall=0', true)]).toEqual([true, false])
  })
})

describe('a record', () => {
  const history = inState('callback_due')
  const correctable = (who: Person) => {
    const lines = offersIn(history, who)
      .offers.find(({ command }) => command === 'correct')
      ?.fields.find(({ name }) => name === 'eventId')?.choices
    return lines?.map(({ value }) => history.events.find(({ id }) => id === value)?.type)
  }
  it('is corrected by whoever wrote it, or by dispatch', () => {
    expect(correctable(CREW)).toEqual(['depart', 'arrive', 'submit'])
    expect(correctable(OFFICER)).not.toContain('arrive')
    expect(correctable(DISPATCHER)).toEqual(expect.arrayContaining(['accept', 'arrive', 'submit']))
    expect(correctable(OPERATOR)).toBeUndefined()
  })
  it('stays when the system wrote it or when it was a decision', () => {
    expect(correctable(DISPATCHER)).not.toContain('opened')
    expect(correctable(DISPATCHER)).not.toContain('dispatch')
    expect(correctable(DISPATCHER)).not.toContain('review')
  })
})

describe('incidents to join', () => {
  it('are open ones, of the same kind first, never itself', () => {
    const own = anIncident()
    const targets = mergeTargets(
      own,
      [
        own,
        anIncident({ id: 'other', kind: 'not_hot' }),
        anIncident({ id: 'same' }),
        anIncident({ id: 'closed', state: 'closed' }),
      ],
      () => undefined,
    )
    expect(targets.map(({ incident }) => incident.id)).toEqual(['same', 'other'])
  })
  it('say how far away they are, the nearest first', () => {
    const at: Record<string, Position | undefined> = {
      i1: [106.7, 39.5],
      far: [106.72, 39.5],
      near: [106.7, 39.501],
    }
    const others = ['nowhere', 'far', 'near'].map((id) => anIncident({ id }))
    const targets = mergeTargets(anIncident(), others, ({ id }) => at[id])
    expect(targets.map(({ incident, metres }) => [incident.id, metres && Math.round(metres)])).toEqual([
      ['near', 111],
      ['far', 1718],
      ['nowhere', undefined],
    ])
  })
})
