import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { instantText } from '../../../server/domain/instant.ts'
import { CHINA_DAYS } from '../../../server/domain/policy/china-days.ts'
import { checkPolicy } from '../../../server/domain/policy/check-policy.ts'
import { PACKS } from '../../../server/domain/policy/packs.ts'
import type { PolicyPack } from '../../../server/domain/policy/policy-pack.ts'
import { TIANJIN } from '../../../server/domain/policy/tianjin.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import { decide } from '../../../server/domain/ticket/decide.ts'
import { headlineOf } from '../../../server/domain/ticket/headline.ts'
import { FACTS } from '../ticket/at-state.ts'
import { aTicket, at, OFFICER, SCENE, type History } from '../ticket/history.ts'

const rulesOf = (policy: PolicyPack) => ({ policy, calendar: CHINA_DAYS })

it.each([...PACKS.keys()])('the pack %s is sound, also after printing', (id) => {
  const pack = PACKS.get(id)
  expect(checkPolicy(JSON.parse(JSON.stringify(pack)))).toEqual({ pack, renamed: new Map() })
})

describe('Tianjin', () => {
  const rules = rulesOf(TIANJIN)
  const due = (history: History, when: string) =>
    instantText(headlineOf(history.ticket(), rules, at(when)).dueAt).slice(0, 19)

  it('gives a displaced cover 30 minutes to arrive and 6 hours to be repaired', () => {
    const cover = aTicket('cover', '22:50:00').dispatched('22:50:05')
    expect(due(cover, '22:51:00')).toBe('2026-01-16T04:50:00')
    expect(cover.clock('arrive', '22:51:00', rules)).toMatchObject({
      clause: '天津井盖办法',
      dueAt: at('23:20:05'),
    })
  })

  it('gives a collapsed or seeping well 3 days', () => {
    expect(due(aTicket('well_vent', '12:00:00'), '12:00:01')).toBe('2026-01-18T12:00:00')
  })

  it('has no paper limit that would fall due before the repair', () => {
    const cover = aTicket('cover', '22:50:00').dispatched('22:50:05')
    expect(cover.clocks('22:51:00', rules).map(({ key }) => key)).not.toContain('close_level')
  })
})

describe('Guangzhou: 6 h, or 36 h where the conditions prevent it', () => {
  const second = { limitMinutes: 36 * 60, when: { zh: '作业条件不允许', en: 'work conditions prevent it' } }
  const guangzhou: PolicyPack = {
    ...WUDA,
    id: 'guangzhou',
    clocks: {
      ...WUDA.clocks,
      repair_cover: {
        ...WUDA.clocks.repair_cover,
        limitMinutes: 360,
        secondLimit: second,
        clause: '广州井盖办法',
      },
    },
  }
  const rules = rulesOf(guangzhou)
  const cover = () => aTicket('cover', '12:00:00').dispatched('12:00:00').then('accept', '12:05:00', {})
  const state = (history: History, when: string, policy = rules) => {
    const on = { ticket: history.ticket(), events: history.events, actor: OFFICER, at: at(when) }
    const body = { reason: '暴雪,路面结冰,无法作业' }
    const command = { command: 'state_hindrance' as const, version: history.events.length, body }
    return decide({ ...on, rules: policy, facts: FACTS }, command)
  }
  const stated = (when: string) => {
    const history = cover()
    const event = state(history, when)
    if (isRefusal(event)) throw new Error(event.detail)
    history.events.push(event)
    return history
  }

  it('is a sound pack; a second value shorter than the first, or beside none, is not', () => {
    expect(checkPolicy(guangzhou)).toEqual({ pack: guangzhou, renamed: new Map() })
    const wrong = structuredClone(guangzhou)
    Object.assign(wrong.clocks.repair_cover, { limitMinutes: 2160 })
    expect(checkPolicy(wrong)).toMatchObject({ mistakes: [{ path: 'clocks.repair_cover.secondLimit' }] })
    const beside = structuredClone(guangzhou)
    Object.assign(beside.clocks.contact_reporter, { secondLimit: second })
    expect(checkPolicy(beside)).toMatchObject({ mistakes: [{ path: 'clocks.contact_reporter.secondLimit' }] })
  })

  it('is due after 6 h until the unit states its reason, after 36 h from then on', () => {
    expect(cover().clock('repair_cover', '13:00:00', rules)).toMatchObject({
      limitMinutes: 360,
      dueAt: at('18:00:00'),
    })
    const clock = stated('17:00:00').clock('repair_cover', '17:00:01', rules)
    expect(clock).toMatchObject({ limitMinutes: 2160, dueAt: at('2026-01-17T00:00:00'), breaches: [] })
  })

  it('is on time when repaired within the second value and late after it', () => {
    const repaired = (when: string) =>
      stated('17:00:00')
        .then('arrive', '17:10:00', SCENE)
        .then('repair', when, { text: '复位' })
        .clock('repair_cover', '2026-01-17T02:00:00', rules).state
    expect(repaired('2026-01-17T00:00:00')).toBe('met')
    expect(repaired('2026-01-17T00:00:01')).toBe('breached')
  })

  it('shows what was known before: until the statement the limit is 6 h', () => {
    expect(stated('17:00:00').clock('repair_cover', '16:00:00', rules).dueAt).toBe(at('18:00:00'))
  })

  it('cannot undo a breach, be stated twice, or be stated where the rule knows no second value', () => {
    expect(state(cover(), '18:00:01')).toMatchObject({ code: 'guard-refused' })
    expect(state(stated('17:00:00'), '17:30:00')).toMatchObject({ code: 'wrong-state' })
    expect(state(cover(), '17:00:00', rulesOf(WUDA))).toMatchObject({ code: 'guard-refused' })
  })

  it('needs its reason', () => {
    const history = cover()
    const on = { ticket: history.ticket(), events: history.events, actor: OFFICER, at: at('13:00:00') }
    const command = { command: 'state_hindrance' as const, version: history.events.length, body: {} }
    expect(decide({ ...on, rules, facts: FACTS }, command)).toMatchObject({ missing: ['reason'] })
  })
})
