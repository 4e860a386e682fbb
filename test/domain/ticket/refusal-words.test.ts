import { describe, expect, it } from 'vitest'
import { COMMANDS } from '#contract/commands/commands.ts'
import { isRefusal } from '#contract/problem.ts'
import { inState, onSite, tryCommand } from './at-state.ts'

const heat = (heatRestoredAt: string) => ({ result: 'x', heatRestoredAt, faultClearedAt: heatRestoredAt })
const leak = () => onSite('hes_secondary').then('safety', '08:06:00', { measures: ['围挡'] })

describe('a refusal', () => {
  it('calls every command that has no place in a state by its Chinese name', () => {
    const refused = COMMANDS.map((command) => tryCommand(inState('archived'), command))
      .filter(isRefusal)
      .filter(({ code }) => code === 'wrong-state')
    expect(refused.length).toBeGreaterThan(15)
    for (const { detail } of refused) {
      expect(detail).toMatch(/^工单已归档,不能执行此操作\(\p{Script=Han}+\)$/u)
    }
  })

  it('says which command it was', () => {
    expect(tryCommand(inState('archived'), 'plan')).toMatchObject({
      detail: '工单已归档,不能执行此操作(抢修方案)',
    })
  })

  it.each([
    ['2026-01-16T09:00:00+08:00', /^恢复供热时间在将来: |^故障排除时间在将来: /, /lies in the future/],
    ['2026-01-14T09:00:00+08:00', /^恢复供热时间早于 |^故障排除时间早于 /, /lies before/],
  ])('names the time that is wrong as people do: %s', (when, zh, en) => {
    const refused = tryCommand(leak(), 'restore', { body: heat(when) })
    expect(refused).toMatchObject({ code: 'bad-time' })
    if (!isRefusal(refused)) throw new Error('it was taken')
    expect(refused.detail).toMatch(zh)
    expect(refused.detailEn).toMatch(en)
    expect(refused.detailEn).not.toContain('At')
  })

  it('asks for the offset of the time in words, too', () => {
    const body = { ...heat('2026-01-15T08:50:00+08:00'), occurredAt: '09:00' }
    expect(tryCommand(leak(), 'restore', { body })).toMatchObject({
      code: 'bad-time',
      detail: '发生时间须带时区',
    })
  })
})
