import { describe, expect, it } from 'vitest'
import { instantText } from '../../../server/domain/instant.ts'
import { aTicket, at } from './history.ts'

const text = (instant: number | undefined) =>
  instant === undefined ? undefined : instantText(instant).slice(0, 19)

describe('another level (A2)', () => {
  const complaint = () =>
    aTicket('complaint', '08:00:00').dispatched('08:01:00').then('accept', '08:02:00', {})

  it('limits by its own hours from the same start', () => {
    const raised = complaint().then('raise_level', '09:00:00', {
      level: 'first',
      from: 'second',
      reason: '媒体',
    })
    expect(text(raised.clock('close_level', '09:01:00').dueAt)).toBe('2026-01-16T08:00:00')
    expect(raised.clock('close_level', '08:59:00').limitMinutes).toBe(2880)
  })

  it('undoes no breach that happened before it', () => {
    const lowered = complaint().then('raise_level', '2026-01-17T09:00:00', {
      level: 'third',
      from: 'second',
      reason: 'x',
    })
    expect(lowered.clock('close_level', '2026-01-17T10:00:00')).toMatchObject({
      state: 'breached',
      breaches: [at('2026-01-17T08:00:00')],
      dueAt: at('2026-01-18T08:00:00'),
    })
  })
})
