import { describe, expect, it } from 'vitest'
import { planWebhooks } from '../../../server/domain/notification/webhook-event.ts'
import { assess } from '../../../server/domain/ticket/assessment.ts'
import { aTicket, DISPATCHER, rulesWith, SCENE, type History } from '../ticket/history.ts'

const rules = rulesWith()
const types = (history: History, subscribers = [{ id: 'erp' }]) =>
  history.events.flatMap((event, index) => {
    const soFar = Object.assign(aTicket('cover', '08:00:00'), { events: history.events.slice(0, index + 1) })
    return planWebhooks(assess(soFar.ticket(), rules, event.enteredAt), event, subscribers).map(
      ({ body }) => body.type,
    )
  })

const whole = () =>
  aTicket('cover', '08:00:00')
    .dispatched('08:01:00')
    .then('accept', '08:02:00', {})
    .then('arrive', '08:20:00', SCENE)
    .then('repair', '09:00:00', { text: '已复位' })
    .submitted('09:10:00')
    .passed('09:20:00')
    .then('callback', '10:00:00', { callId: 'call-1', reached: true, done: true })
    .then('reopen', '11:00:00', { reason: '不满意' }, { actor: DISPATCHER })

describe('what other programs are told', () => {
  it('the life of a ticket, in the words of the contract', () => {
    expect(types(whole())).toEqual([
      'ticket.created',
      'ticket.accepted',
      'ticket.on_site',
      'ticket.closed',
      'ticket.reopened',
    ])
  })

  it('each subscriber its own message, and only what it asked for', () => {
    const subscribers = [{ id: 'all' }, { id: 'closed-only', events: ['ticket.closed' as const] }]
    expect(types(whole(), subscribers).filter((type) => type === 'ticket.closed')).toHaveLength(2)
    expect(types(whole(), subscribers)).toHaveLength(6)
  })

  it('carries the ticket and never a caller', () => {
    const history = aTicket('cover', '08:00:00', { address: '解放路' })
    const [event] = history.events
    if (event === undefined) throw new Error('no event')
    const [notice] = planWebhooks(assess(history.ticket(), rules, event.enteredAt), event, [{ id: 'erp' }])
    expect(notice).toMatchObject({ id: 'e1.hook.erp', channel: 'erp' })
    expect(notice?.body).toMatchObject({
      type: 'ticket.created',
      timestamp: '2026-01-15T08:00:00+08:00',
      data: { ticket: { number: 'GW-20260115-001', dueAt: '2026-01-15T12:00:00+08:00', address: '解放路' } },
    })
    expect(JSON.stringify(notice)).not.toContain('call-1')
  })
})
