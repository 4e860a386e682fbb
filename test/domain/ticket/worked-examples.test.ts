import { describe, expect, it } from 'vitest'
import { instantText } from '../../../server/domain/instant.ts'
import { headlineOf } from '../../../server/domain/ticket/headline.ts'
import { aSensorTicket, aTicket, at, rulesWith, SCENE } from './history.ts'

const text = (instant: number | undefined) =>
  instant === undefined ? undefined : instantText(instant).slice(0, 19)

describe('Ex 1: a cover by night', () => {
  const opened = () => aTicket('cover', '22:50:00', { source: 'sensor' }).dispatched('22:50:05')

  it('accepts by 23:00:05, arrives by 23:20:05, is repaired by 02:50:00 under 第八条3(5)', () => {
    const cover = opened()
    expect(text(cover.clock('accept', '22:51:00').dueAt)).toBe('2026-01-15T23:00:05')
    expect(text(cover.clock('arrive', '22:51:00').dueAt)).toBe('2026-01-15T23:20:05')
    const repair = cover.clock('repair_cover', '22:51:00')
    expect(text(repair.dueAt)).toBe('2026-01-16T02:50:00')
    expect(repair.clause).toBe('第八条3(5)')
    expect(repair.limitMinutes).toBe(240)
  })

  it('is on time exactly at the due instant and late one second after it', () => {
    const onTime = opened().then('repair', '2026-01-16T02:50:00', { text: '复位' })
    expect(onTime.clock('repair_cover', '2026-01-16T03:00:00')).toMatchObject({ state: 'met', breaches: [] })
    const late = opened().then('repair', '2026-01-16T02:50:01', { text: '复位' })
    expect(late.clock('repair_cover', '2026-01-16T03:00:00')).toMatchObject({
      state: 'breached',
      breaches: [at('2026-01-16T02:50:00')],
      stoppedAt: at('2026-01-16T02:50:01'),
    })
  })
})

describe('Ex 2: a primary leak', () => {
  const leak = () =>
    aTicket('primary_leak', '08:00:00')
      .dispatched('08:01:00')
      .then('accept', '08:06:00', {})
      .then('assign', '08:07:00', { crewIds: ['crew-network-ops'] })
      .then('arrive', '08:33:00', SCENE)
  const planned = () => leak().then('plan', '10:15:00', { text: '开挖', confirmedBy: '部长' })

  it('is two minutes late on site when counted from dispatch', () => {
    const onSite = planned().clock('arrive', '10:20:00')
    expect(text(onSite.dueAt)).toBe('2026-01-15T08:31:00')
    expect(onSite).toMatchObject({ state: 'breached', clause: '第八条3(4)', stoppedAt: at('08:33:00') })
  })

  it('is on time on site with arrive_from=accept', () => {
    const onSite = planned().clock('arrive', '10:20:00', rulesWith({ arrive_from: 'accept' }))
    expect(text(onSite.dueAt)).toBe('2026-01-15T08:36:00')
    expect(onSite.state).toBe('met')
  })

  it('is due 24 h after the plan, with an amber outer watch 24 h after the report', () => {
    expect(text(planned().clock('repair_leak', '10:20:00').dueAt)).toBe('2026-01-16T10:15:00')
    const watch = planned().clock('watch_leak', '10:20:00')
    expect(text(watch.dueAt)).toBe('2026-01-16T08:00:00')
    expect(watch.severity).toBe('amber')
  })

  it('2b: starts by itself two hours after arrival when nobody confirms a plan', () => {
    expect(leak().clock('repair_leak', '10:32:59').state).toBe('pending')
    const started = leak().clock('repair_leak', '10:33:00')
    expect(text(started.startAt)).toBe('2026-01-15T10:33:00')
    expect(text(started.dueAt)).toBe('2026-01-16T10:33:00')
  })

  it('takes the on-site due time for an arrival that is never reported', () => {
    const silent = aTicket('primary_leak', '08:00:00').dispatched('08:01:00')
    expect(text(silent.clock('repair_leak', '10:31:00').dueAt)).toBe('2026-01-16T10:31:00')
    silent.then('accept', '11:00:00', {}).then('arrive', '11:10:00', SCENE)
    expect(text(silent.clock('repair_leak', '13:10:00').dueAt)).toBe('2026-01-16T10:31:00')
  })

  it('shows a provisional due time before the plan, every step taken at its limit', () => {
    const waiting = aTicket('primary_leak', '08:00:00')
    const headline = headlineOf(waiting.ticket(), rulesWith(), at('08:00:30'))
    expect(headline.provisional).toBe(true)
    // 10 min to dispatch, 30 to arrive, 2 h to plan, 24 h to repair
    expect(text(headline.dueAt)).toBe('2026-01-16T10:40:00')
  })
})

describe('Ex 3: not hot, late in the evening', () => {
  const accepted = () => aTicket('not_hot', '23:30:00').dispatched('23:35:00').then('accept', '23:40:00', {})

  it('is to be contacted by 23:59:59 the same date and closed within 72 h', () => {
    expect(text(accepted().clock('contact_reporter', '23:41:00').dueAt)).toBe('2026-01-15T23:59:59')
    expect(text(accepted().clock('close_not_hot', '23:41:00').dueAt)).toBe('2026-01-18T23:40:00')
  })

  it('may be contacted next noon where same_day_cutoff says so', () => {
    const rules = rulesWith({ same_day_cutoff: '20:00' })
    expect(text(accepted().clock('contact_reporter', '23:41:00', rules).dueAt)).toBe('2026-01-16T12:00:00')
  })

  it('is not stopped by a call that reached nobody', () => {
    const tried = accepted().then('contact', '23:45:00', { reached: false, note: '无人接听' })
    expect(tried.clock('contact_reporter', '23:50:00').state).toBe('running')
    tried.then('contact', '23:50:00', { reached: true, note: '约定明早' })
    expect(tried.clock('contact_reporter', '23:51:00').state).toBe('met')
  })

  it('3b: an approval at hour 80 sets a new due time and leaves the breach of hour 72', () => {
    // Hour 0 is 15 Jan 23:40; hour 70 is 18 Jan 21:40, hour 80 is 19 Jan 07:40, hour 120 is 20 Jan 23:40.
    const due = at('2026-01-18T23:40:00')
    const extended = accepted()
      .then('request_extension', '2026-01-18T21:40:00', {
        extensionId: 'x1',
        reason: '用户不在家',
        dueAt: at('2026-01-20T23:40:00'),
        remainingMs: 2 * 3600_000,
      })
      .then('answer_extension', '2026-01-19T07:40:00', { extensionId: 'x1', approve: true })
    expect(text(extended.clock('answer_extension', '2026-01-19T07:41:00').dueAt)).toBe('2026-01-19T21:40:00')
    expect(extended.clock('answer_extension', '2026-01-19T07:41:00').state).toBe('met')
    expect(extended.clock('close_not_hot', '2026-01-19T07:40:00').extendedDueAt).toBeUndefined()
    extended.then('confirm_extension', '2026-01-19T07:40:00', { extensionId: 'x1' })
    const clock = extended.clock('close_not_hot', '2026-01-19T08:00:00')
    expect(clock.dueAt).toBe(due)
    expect(text(clock.extendedDueAt)).toBe('2026-01-20T23:40:00')
    expect(clock.breaches).toEqual([due])
    expect(headlineOf(extended.ticket(), rulesWith(), at('2026-01-19T08:00:00')).dueAt).toBe(
      clock.extendedDueAt,
    )
    extended.submitted('2026-01-20T03:40:00')
    const closed = extended.clock('close_not_hot', '2026-01-25T08:00:00')
    expect(closed.breaches).toEqual([due])
    expect(text(closed.stoppedAt)).toBe('2026-01-20T03:40:00')
  })

  it('an approval before the due instant leaves no breach', () => {
    const extended = accepted()
      .then('request_extension', '2026-01-18T21:40:00', {
        extensionId: 'x1',
        reason: '缺件',
        dueAt: at('2026-01-20T23:40:00'),
        remainingMs: 1,
      })
      .then('answer_extension', '2026-01-18T22:00:00', { extensionId: 'x1', approve: true })
      .then('confirm_extension', '2026-01-18T22:10:00', { extensionId: 'x1' })
    expect(extended.clock('close_not_hot', '2026-01-20T23:40:00')).toMatchObject({
      state: 'running',
      breaches: [],
    })
    expect(extended.clock('close_not_hot', '2026-01-20T23:40:01')).toMatchObject({ state: 'breached' })
  })
})

describe('Ex 5: call-back in seven working days', () => {
  const slip = (when: string, reviewed: string) =>
    aTicket('complaint', when.replace(/T.*/, 'T08:00:00'))
      .dispatched(when.replace(/T.*/, 'T08:05:00'))
      .then('accept', when.replace(/T.*/, 'T08:06:00'), {})
      .submitted(when)
      .passed(reviewed)

  it('counts the next working day as day one', () => {
    const clock = slip('2026-03-04T14:00:00', '2026-03-04T16:00:00').clock('call_back', '2026-03-05T08:00:00')
    expect(text(clock.dueAt)).toBe('2026-03-13T23:59:59')
  })

  it('5b: leaves out the Spring Festival and counts its make-up days', () => {
    const clock = slip('2026-02-12T14:00:00', '2026-02-12T16:00:00').clock('call_back', '2026-02-13T08:00:00')
    expect(text(clock.dueAt)).toBe('2026-02-28T23:59:59')
  })

  it('counts from the slip, or from the review where callback_from says so', () => {
    const reviewedLater = slip('2026-03-04T14:00:00', '2026-03-06T09:00:00')
    const literal = reviewedLater.clock('call_back', '2026-03-07T08:00:00')
    expect(text(literal.dueAt)).toBe('2026-03-13T23:59:59')
    const flagged = reviewedLater.clock(
      'call_back',
      '2026-03-07T08:00:00',
      rulesWith({ callback_from: 'reviewed' }),
    )
    expect(text(flagged.dueAt)).toBe('2026-03-17T23:59:59')
  })

  it('does not run before the review, nor where nobody called', () => {
    const waiting = aTicket('complaint', '08:00:00').dispatched('08:01:00').then('accept', '08:02:00', {})
    expect(waiting.submitted('09:00:00').clock('call_back', '10:00:00').state).toBe('pending')
    const sensor = aSensorTicket('complaint', '08:00:00')
      .dispatched('08:01:00')
      .then('accept', '08:02:00', {})
      .submitted('09:00:00')
      .passed('10:00:00')
    expect(sensor.ticket().state).toBe('archived')
    expect(sensor.clock('call_back', '10:00:00').state).toBe('cancelled')
  })
})

describe('Ex 6: a return does not charge the time of the review', () => {
  // Monday 2026-01-12
  const returned = () =>
    aTicket('indoor_leak', '2026-01-12T09:00:00')
      .dispatched('2026-01-12T09:00:00')
      .submitted('2026-01-12T17:00:00')
      .returned('2026-01-13T09:00:00')
      .submitted('2026-01-13T10:00:00')
      .passed('2026-01-13T11:00:00')

  it('uses 9 h of 24 h', () => {
    const clock = returned().clock('close_indoor_leak', '2026-01-13T12:00:00')
    expect(clock.state).toBe('met')
    expect(clock.excludedMs).toBe(16 * 3600_000)
    expect((clock.stoppedAt ?? 0) - (clock.startAt ?? 0) - clock.excludedMs).toBe(9 * 3600_000)
    expect(returned().ticket().returnCount).toBe(1)
  })

  it('breaches when review_time=charged', () => {
    const clock = returned().clock(
      'close_indoor_leak',
      '2026-01-13T12:00:00',
      rulesWith({ review_time: 'charged' }),
    )
    expect(clock).toMatchObject({ state: 'breached', excludedMs: 0, breaches: [at('2026-01-13T09:00:00')] })
  })

  it('shows the clock as stopped while the reply is under review, whatever the time', () => {
    const waiting = aTicket('indoor_leak', '2026-01-12T09:00:00')
      .dispatched('2026-01-12T09:00:00')
      .submitted('2026-01-12T17:00:00')
    expect(waiting.clock('close_indoor_leak', '2026-01-20T09:00:00').state).toBe('met')
    waiting.returned('2026-01-20T09:00:00')
    expect(waiting.clock('close_indoor_leak', '2026-01-20T10:00:00').state).toBe('running')
  })
})

describe('Ex 7: leaving a ticket unsigned delays nothing', () => {
  const unsigned = aTicket('hes_secondary', '10:00:00').dispatched('10:00:00')

  it('breaches acceptance at 10:10:00 and runs on from there', () => {
    expect(unsigned.clock('accept', '10:10:01')).toMatchObject({
      state: 'breached',
      breaches: [at('10:10:00')],
    })
    expect(text(unsigned.clock('contact_facility', '10:11:00').dueAt)).toBe('2026-01-15T10:40:00')
    expect(text(unsigned.clock('repair_station', '10:11:00').dueAt)).toBe('2026-01-16T10:10:00')
  })

  it('has not started those clocks a second earlier', () => {
    expect(unsigned.clock('repair_station', '10:09:59').state).toBe('pending')
  })

  it('measures arrival only where a third party runs the facility', () => {
    const third = aTicket('hes_secondary', '10:00:00', { managedBy: '某物业' }).dispatched('10:00:00')
    expect(third.clock('arrive', '10:05:00').severity).toBe('grey')
    expect(third.clock('contact_facility', '10:11:00').severity).toBe('red')
  })
})

describe('Ex 11: late data cannot make a ticket that is overdue at birth', () => {
  const late = aTicket('cover', '09:00:00', { source: 'sensor', eventAt: at('03:00:00') })

  it('is due four hours after it was known', () => {
    expect(text(late.clock('repair_cover', '09:00:00').dueAt)).toBe('2026-01-15T13:00:00')
    expect(late.ticket().openedAt - (late.ticket().eventAt ?? 0)).toBe(6 * 3600_000)
  })

  it('is due four hours after it happened where sensor_start=event_time', () => {
    const strict = late.clock('repair_cover', '09:00:00', rulesWith({ sensor_start: 'event_time' }))
    expect(text(strict.dueAt)).toBe('2026-01-15T07:00:00')
  })
})

describe('Ex 13: nothing found on site', () => {
  it('counts the arrival and cancels the repair', () => {
    const nothing = aTicket('cover', '10:00:00')
      .dispatched('10:00:00')
      .then('accept', '10:05:00', {})
      .then('arrive', '10:25:00', SCENE)
      .then('unfounded', '10:30:00', { surveyAt: at('10:28:00'), evidenceIds: ['a1'], informed: '调度中心' })
    expect(nothing.clock('arrive', '11:00:00').state).toBe('met')
    expect(nothing.clock('repair_cover', '20:00:00').state).toBe('cancelled')
    nothing.returned('20:00:00')
    expect(nothing.clock('repair_cover', '20:00:01').state).toBe('running')
  })
})

describe('A28: a rejected dispatch', () => {
  const twice = () =>
    aTicket('cover', '10:00:00').dispatched('10:01:00').then('reject', '10:08:00', { reason: '不属我部' })

  it('keeps the clocks of the report and starts those of the dispatch anew', () => {
    const waiting = twice()
    expect(waiting.ticket().state).toBe('under_review')
    expect(waiting.clock('accept', '10:09:00').state).toBe('pending')
    const again = twice().dispatched('10:12:00')
    const accept = again.clocks('10:13:00').filter(({ key }) => key === 'accept')
    expect(accept.map(({ state }) => state)).toEqual(['running', 'cancelled'])
    expect(text(accept[0]?.dueAt)).toBe('2026-01-15T10:22:00')
    expect(text(again.clock('repair_cover', '10:13:00').dueAt)).toBe('2026-01-15T14:00:00')
    expect(again.clocks('10:13:00').filter(({ key }) => key === 'repair_cover')).toHaveLength(1)
    expect(again.clock('dispatch', '10:13:00')).toMatchObject({ state: 'met', stoppedAt: at('10:01:00') })
  })
})
