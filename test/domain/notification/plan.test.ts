import { describe, expect, it } from 'vitest'
import { isInferred } from '../../../server/domain/notification/notification.ts'
import { assess } from '../../../server/domain/ticket/assessment.ts'
import { planNotifications } from '../../../server/domain/notification/plan.ts'
import { nextDue, sweep } from '../../../server/domain/ticket/sweep.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import type { TicketKind } from '#contract/vocabulary.ts'
import {
  aSensorTicket,
  aTicket,
  at,
  DISPATCHER,
  OPS,
  rulesWith,
  SCENE,
  type History,
} from '../ticket/history.ts'

const rules = rulesWith()

/** What the last event of a history tells: `rung urgency`, in the order of the plan. */
const told = (history: History) => planned(history).map(({ to, urgency }) => `${to.rung} ${urgency}`)
const planned = (history: History) => {
  const event = history.events.at(-1)
  if (event === undefined) throw new Error('no event')
  return planNotifications(assess(history.ticket(), rules, event.enteredAt), event)
}

describe('the reason of a notification', () => {
  it('says that it is inferred where the text has no clause, and never a code of the register', () => {
    const reject = aTicket('cover', '08:00:00')
      .dispatched('08:00:00')
      .then('reject', '08:01:00', { reason: '不归我部' })
    const raise = aTicket('not_hot', '08:00:00')
      .dispatched('08:00:00')
      .then('raise_level', '08:01:00', { from: 'third', level: 'first', reason: '老人' })
    const reasons = [reject, raise].flatMap(planned).map(({ reason }) => reason)
    expect(reasons.length).toBeGreaterThan(1)
    expect(reasons.map(({ clause }) => clause)).toEqual(reasons.map(() => 'I'))
  })

  it('cites the clause as the policy in force prints it', () => {
    const clauses = { ...WUDA.clauses, accept: '第十二条', roster: '第十五条' }
    const dispatched = aTicket('cover', '08:00:00').dispatched('08:00:00')
    const event = dispatched.events.at(-1)
    if (event === undefined) throw new Error('no event')
    const elsewhere = { ...rules, policy: { ...WUDA, clauses } }
    const told = planNotifications(assess(dispatched.ticket(), elsewhere, event.enteredAt), event)
    expect(told.map(({ to, reason }) => [to.rung, reason.clause])).toEqual([
      ['deputy', '第十二条'],
      ['crew', '第十五条'],
    ])
  })

  it.each([
    ['I', true],
    ['A28', true],
    ['第八条3(5)', false],
    ['8.3(5)', false],
  ])('%s is inferred: %s', (clause, expected) => {
    expect(isInferred(clause)).toBe(expected)
  })
})

/** Every warning and breach of one clock up to an instant, with the rungs that hear of it. */
function climb(kind: TicketKind, clock: string, until: string): string[] {
  const history = aTicket(kind, '08:00:00').dispatched('08:00:00')
  for (;;) {
    const due = nextDue(assess(history.ticket(), rules, at('08:00:00')))
    if (due === undefined || due > at(until)) break
    history.events.push(
      ...sweep(assess(history.ticket(), rules, due), () => `s${String(history.events.length)}`),
    )
  }
  return history.events.flatMap((event) => {
    if ((event.type !== 'warned' && event.type !== 'breached') || event.data.clock !== clock) return []
    const rungs = planNotifications(assess(history.ticket(), rules, event.enteredAt), event).map(
      ({ to }) => to.rung,
    )
    return [`${event.type} ${event.data.step}: ${rungs.join(', ')}`]
  })
}

describe('who is told of a dispatch', () => {
  it('an emergency is told to the deputy head and to the crew on duty, as an alarm with its clause', () => {
    const history = aSensorTicket('cover', '22:50:00', { address: '解放路与新华街路口' }).dispatched(
      '22:50:00',
    )
    expect(told(history)).toEqual(['deputy alarm', 'crew alarm'])
    const [deputy, crew] = planned(history)
    expect(deputy).toMatchObject({
      id: 'e2.deputy',
      to: { rung: 'deputy', departmentId: 'network-ops' },
      dueAt: at('22:50:00'),
      text: {
        zh: '【特级】井盖破损、缺失、移位 GW-20260115-001 解放路与新华街路口:已派管网运行部,请 10 分钟内接单,时限 01-16 02:50',
      },
      reason: { clause: '第三条3' },
      exercise: false,
    })
    expect(crew).toMatchObject({ reason: { clause: '第八条3(7)' } })
  })

  it('other kinds are told to the deputy head alone, and not as an alarm', () => {
    expect(told(aTicket('not_hot', '08:00:00').dispatched('08:05:00'))).toEqual(['deputy soon'])
  })

  it('what goes out by itself says nothing of a gate; what waits in it alarms the dispatch centre', () => {
    const sent = aSensorTicket('cover', '22:50:00').dispatched('22:50:00')
    const [opened] = sent.events
    if (opened === undefined) throw new Error('no event')
    expect(planNotifications(assess(sent.ticket(), rules, opened.enteredAt), opened)).toEqual([])
    const gated = planned(aSensorTicket('well_vent', '22:50:00'))
    expect(gated).toMatchObject([{ to: { rung: 'duty_lead', departmentId: 'dispatch' }, urgency: 'alarm' }])
    expect(told(aTicket('consult', '22:50:00'))).toEqual([])
  })

  it('A31: an unanswered call reaches the duty lead five minutes later, unless the ticket is taken', () => {
    const { departmentId, departmentName, rule, why } = OPS
    const dispatch = { departmentId, departmentName, rule, why, callee: '值班员' }
    const unanswered = aTicket('not_hot', '08:00:00').then('dispatch', '08:05:00', {
      ...dispatch,
      channel: 'phone',
      answered: false,
    })
    expect(planned(unanswered)[1]).toMatchObject({
      to: { rung: 'duty_lead' },
      dueAt: at('08:10:00'),
      unless: 'accepted',
      reason: { clause: 'I' },
    })
    const answered = aTicket('not_hot', '08:00:00').then('dispatch', '08:05:00', {
      ...dispatch,
      channel: 'phone',
      answered: true,
    })
    expect(told(answered)).toEqual(['deputy soon'])
  })

  it('a job that was passed on is told to the people it was passed to', () => {
    const history = aTicket('cover', '08:00:00').dispatched('08:00:00')
    history.then('assign', '08:05:00', { crewIds: ['crew-7', 'crew-8'] })
    expect(planned(history)).toMatchObject([{ to: { rung: 'crew', personIds: ['crew-7', 'crew-8'] } }])
  })
})

describe('how warnings climb', () => {
  it('特级 skips one rung at each warning: crew, head, then the duty leader', () => {
    expect(climb('cover', 'repair_cover', '13:00:00')).toEqual([
      'warned 50: crew',
      'warned 80: crew, head',
      'breached 100: crew, service_leader',
    ])
  })

  it('other levels climb one rung at a time', () => {
    expect(climb('well_vent', 'repair_vent', '2026-01-16T09:00:00')).toEqual([
      'warned 50: crew',
      'warned 80: crew, deputy',
      'breached 100: crew, head',
    ])
  })

  it('a short clock starts at the one who must act and has two steps', () => {
    expect(climb('well_vent', 'accept', '09:00:00')).toEqual([
      'warned 60: deputy',
      'breached 100: deputy, head',
    ])
    expect(climb('well_vent', 'arrive', '09:00:00')).toEqual([
      'warned 60: crew',
      'breached 100: crew, deputy',
    ])
  })

  it('an amber clock warns the one who acts alone and rises by one rung at its breach', () => {
    expect(climb('cover', 'close_level', '13:00:00')).toEqual([
      'warned 50: crew',
      'warned 80: crew',
      'breached 100: crew, deputy',
    ])
  })

  it('a measured clock tells nobody', () => {
    const history = aTicket('cover', '08:00:00').dispatched('08:00:00')
    history.then('breached', '08:40:00', {
      clock: 'contact_promptly',
      run: '0',
      step: '100',
      dueAt: at('08:40:00'),
    })
    expect(told(history)).toEqual([])
  })

  it('a breach of a red clock is an alarm and says when it was due', () => {
    const history = aTicket('cover', '08:00:00').dispatched('08:00:00')
    history.then('breached', '12:00:00', {
      clock: 'repair_cover',
      run: '0',
      step: '100',
      dueAt: at('12:00:00'),
    })
    expect(planned(history)[0]).toMatchObject({
      urgency: 'alarm',
      text: { zh: expect.stringContaining('“井盖修复”已超时,时限 01-15 12:00') },
      reason: { clause: '第八条3(5)' },
    })
  })

  it('a policy pack that says nothing of escalation gets the same ladder', () => {
    const policy = Object.fromEntries(
      Object.entries(WUDA).filter(([key]) => key !== 'escalation'),
    ) as typeof WUDA
    const history = aTicket('cover', '08:00:00').dispatched('08:00:00')
    history.then('warned', '11:12:00', { clock: 'repair_cover', run: '0', step: '80', dueAt: at('12:00:00') })
    const [event] = history.events.slice(-1)
    if (event === undefined) throw new Error('no event')
    const plan = planNotifications(assess(history.ticket(), { ...rules, policy }, event.enteredAt), event)
    expect(plan.map(({ to }) => to.rung)).toEqual(['crew', 'head'])
  })
})

describe('who is told of what is reported and decided', () => {
  const working = (kind: TicketKind) => aTicket(kind, '08:00:00').dispatched('08:01:00')

  it('the scene of a primary leak goes to the customer-service centre, to dispatch in copy (A24)', () => {
    const arrived = planned(working('primary_leak').then('arrive', '08:20:00', SCENE))
    expect(arrived.map(({ to, reason }) => `${to.rung} ${reason.clause}`)).toEqual([
      'service_leader 第八条3(4)',
      'duty_lead 第八条3(4)',
    ])
    expect(arrived[1]?.reason.zh).toContain('抄送')
    expect(told(working('cover').then('arrive', '08:20:00', SCENE))).toEqual(['duty_lead info'])
  })

  it('an unfounded report is told to the dispatching department at once', () => {
    const data = { surveyAt: at('08:25:00'), evidenceIds: ['x'], informed: '调度' }
    const unfounded = planned(working('cover').then('unfounded', '08:30:00', data))
    expect(unfounded).toMatchObject([{ to: { rung: 'duty_lead' }, reason: { clause: '第四条A' } }])
  })

  it('a returned reply goes back to the deputy head and crew with its reason', () => {
    const returned = planned(working('cover').submitted('09:00:00').returned('09:10:00'))
    expect(returned.map(({ to }) => to.rung)).toEqual(['deputy', 'crew'])
    expect(returned[0]?.text.zh).toContain('退回重新办理(回复不详实)')
    expect(told(working('cover').submitted('09:00:00').passed('09:10:00'))).toEqual([])
  })

  it('an extension is asked of dispatch, confirmed by the service centre, and told to the unit', () => {
    const data = { extensionId: 'x', reason: '等待配件', dueAt: at('2026-01-17T08:00:00'), remainingMs: 1 }
    const asked = working('not_hot').then('request_extension', '09:00:00', data)
    expect(told(asked)).toEqual(['duty_lead soon'])
    const actor = { actor: DISPATCHER }
    const approved = asked.then('answer_extension', '10:00:00', { extensionId: 'x', approve: true }, actor)
    expect(told(approved)).toEqual(['service_leader soon'])
    expect(told(approved.then('confirm_extension', '11:00:00', { extensionId: 'x' }))).toEqual([
      'deputy soon',
    ])
    const refused = working('not_hot').then('request_extension', '09:00:00', data)
    refused.then('answer_extension', '10:00:00', { extensionId: 'x', approve: false, reason: '配件已到' })
    expect(planned(refused)[0]?.text.zh).toContain('未批准:配件已到')
  })

  it('a refused ticket alarms dispatch, a reopened one its unit', () => {
    expect(told(working('cover').then('reject', '08:05:00', { reason: '非我部门' }))).toEqual([
      'duty_lead alarm',
    ])
    const reopened = working('cover').submitted('09:00:00').passed('09:10:00')
    expect(told(reopened.then('reopen', '10:00:00', { reason: '仍未修好' }))).toEqual(['deputy soon'])
  })

  it('what is only watched is told to those who can act, never as an alarm', () => {
    const data = { what: 'safety_missing', dueAt: at('08:30:00') } as const
    expect(told(working('cover').then('watched', '08:30:00', data))).toEqual(['crew soon', 'deputy soon'])
    const review = { what: 'review_late', dueAt: at('08:30:00') } as const
    expect(told(working('cover').then('watched', '08:30:00', review))).toEqual(['duty_lead soon'])
  })

  it('what people typed reaches a message as one short line', () => {
    const reminded = working('cover').then('remind', '09:00:00', { note: `急\n\u202e${'长'.repeat(500)}` })
    const text = planned(reminded)[0]?.text.zh ?? ''
    expect(text).not.toMatch(/[\n\u202e]/)
    expect(text.length).toBeLessThan(200)
  })

  it('a drill is planned like everything else and marked', () => {
    const drill = aSensorTicket('cover', '08:00:00', { exercise: true }).dispatched('08:00:00')
    expect(planned(drill).map(({ exercise }) => exercise)).toEqual([true, true])
  })
})
