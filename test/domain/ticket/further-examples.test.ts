import { describe, expect, it } from 'vitest'
import type { ClockKey } from '#contract/vocabulary.ts'
import { instantText } from '../../../server/domain/instant.ts'
import { aTicket, at, DISPATCHER, OFFICER, SCENE, type History } from './history.ts'

/** Worked examples beside those that the clauses came with, reckoned by hand from the clauses. */
type Example = readonly [what: string, told: () => History, key: ClockKey, when: string, expected: string]

const accepted = (kind: Parameters<typeof aTicket>[0], opened: string, sent: string, taken: string) =>
  aTicket(kind, opened).dispatched(sent).then('accept', taken, {})
const replied = (slip: string, reviewed = slip) =>
  accepted('not_hot', slip, slip, slip).submitted(slip).passed(reviewed)
const leak = () => accepted('primary_leak', '08:00:00', '08:01:00', '08:06:00')
const arrived = (when: string) => leak().then('arrive', when, SCENE)
const plan = { text: '开挖更换', confirmedBy: '部长' }
const complaint = () => aTicket('complaint', '08:00:00')
const raised = (when: string) =>
  complaint().then(
    'raise_level',
    when,
    { level: 'first', from: 'second', reason: 'x' },
    { actor: DISPATCHER },
  )
const asked = () =>
  accepted('not_hot', '08:00:00', '08:00:00', '08:00:00').then('request_extension', '09:00:00', {
    extensionId: 'x1',
    reason: 'x',
    dueAt: at('2026-01-20T08:00:00'),
    remainingMs: 1,
  })
const answer = (when: string) =>
  asked().then('answer_extension', when, { extensionId: 'x1', approve: true }, { actor: DISPATCHER })

const EXAMPLES: Record<string, readonly Example[]> = {
  'the end of a year, a leap day, a night': [
    [
      'a leak at home over New Year: 24 h (3(2))',
      () => aTicket('indoor_leak', '2025-12-31T20:00:00'),
      'close_indoor_leak',
      '2026-01-01T19:00:00',
      'running 2026-01-01T20:00:00',
    ],
    [
      'a cover on 29 February, at 23:00: 4 h (3(5))',
      () => aTicket('cover', '2028-02-29T23:00:00'),
      'repair_cover',
      '2028-02-29T23:30:00',
      'running 2028-03-01T03:00:00',
    ],
    [
      'not hot, accepted on 27 February of a leap year: 72 h (2)',
      () => accepted('not_hot', '2028-02-27T09:50:00', '2028-02-27T09:55:00', '2028-02-27T10:00:00'),
      'close_not_hot',
      '2028-02-28T00:00:00',
      'running 2028-03-01T10:00:00',
    ],
    [
      'not hot, accepted in the last second of a day: to be contacted in it (2)',
      () => accepted('not_hot', '23:55:00', '23:55:00', '23:59:59'),
      'contact_reporter',
      '2026-01-16T00:00:00',
      'breached 2026-01-15T23:59:59',
    ],
    [
      'not hot, accepted a second later: the whole next day is left',
      () => accepted('not_hot', '23:55:00', '23:55:00', '2026-01-16T00:00:00'),
      'contact_reporter',
      '2026-01-16T00:00:00',
      'running 2026-01-16T23:59:59',
    ],
  ],
  'passing to the crew (第三条3)': [
    [
      'answered by the officer alone within ten minutes: nothing is left to pass on',
      () => accepted('not_hot', '08:00:00', '08:00:00', '08:02:00').submitted('08:05:00'),
      'assign',
      '09:00:00',
      'cancelled 2026-01-15T08:10:00',
    ],
    [
      'answered later: what had run out stays so, and ends with the reply',
      () => accepted('not_hot', '08:00:00', '08:00:00', '08:02:00').submitted('08:30:00'),
      'assign',
      '09:00:00',
      'breached 2026-01-15T08:10:00',
    ],
    [
      'a reply that comes back brings it back',
      () =>
        accepted('not_hot', '08:00:00', '08:00:00', '08:02:00').submitted('08:05:00').returned('08:06:00'),
      'assign',
      '08:07:00',
      'running 2026-01-15T08:10:00',
    ],
  ],
  'seven working days (第三条7)': [
    [
      'over the National Day swap: Sun 20 works, 25–27 are off',
      () => replied('2026-09-18T10:00:00'),
      'call_back',
      '2026-09-18T11:00:00',
      'running 2026-09-29T23:59:59',
    ],
    [
      'over Labour Day: 1–5 May are off, Sat 9 works',
      () => replied('2026-04-30T16:00:00'),
      'call_back',
      '2026-04-30T17:00:00',
      'running 2026-05-13T23:59:59',
    ],
    [
      'over New Year: 1–3 January are off, Sun 4 works',
      () => replied('2025-12-31T21:00:00'),
      'call_back',
      '2025-12-31T22:00:00',
      'running 2026-01-12T23:59:59',
    ],
    [
      'a slip in the last second of a Friday',
      () => replied('2026-03-06T23:59:59'),
      'call_back',
      '2026-03-07T00:00:00',
      'running 2026-03-17T23:59:59',
    ],
    [
      'a slip in the first second of a Saturday',
      () => replied('2026-03-07T00:00:00'),
      'call_back',
      '2026-03-07T01:00:00',
      'running 2026-03-17T23:59:59',
    ],
    [
      'a review nine days later postpones nothing (A21)',
      () => replied('2026-03-04T14:00:00', '2026-03-13T10:00:00'),
      'call_back',
      '2026-03-14T00:00:00',
      'breached 2026-03-13T23:59:59',
    ],
  ],
  'a primary leak (3(4))': [
    [
      'its plan confirmed two hours after arrival to the second',
      () => arrived('08:20:00').then('plan', '10:20:00', plan),
      'repair_leak',
      '11:00:00',
      'running 2026-01-16T10:20:00',
    ],
    [
      'its plan confirmed a second later: the clock had started by itself (A12)',
      () => arrived('08:20:00').then('plan', '10:20:01', plan),
      'repair_leak',
      '11:00:00',
      'running 2026-01-16T10:20:00',
    ],
    [
      'nobody there: the limit of arrival stands in for it',
      () => arrived('10:32:00'),
      'repair_leak',
      '11:00:00',
      'running 2026-01-16T10:31:00',
    ],
    [
      'repaired in time, heat back a second too late',
      () =>
        arrived('08:20:00')
          .then('plan', '09:00:00', plan)
          .then('repair', '20:00:00', { text: 'x' })
          .then('restore', '2026-01-16T09:00:01', { heatRestoredAt: at('2026-01-16T09:00:01'), result: 'x' }),
      'repair_leak',
      '2026-01-16T10:00:00',
      'breached 2026-01-16T09:00:00',
    ],
  ],
  'a complaint (第七条)': [
    ['has 48 h', complaint, 'close_level', '09:00:00', 'running 2026-01-17T08:00:00'],
    [
      'raised to 一级 after ten hours has 24 h from its beginning',
      () => raised('18:00:00'),
      'close_level',
      '18:00:00',
      'running 2026-01-16T08:00:00',
    ],
    [
      'raised after thirty hours is late',
      () => raised('2026-01-16T14:00:00'),
      'close_level',
      '2026-01-16T14:00:01',
      'breached 2026-01-16T08:00:00',
    ],
    [
      'raised after thirty hours was not late before',
      () => raised('2026-01-16T14:00:00'),
      'close_level',
      '2026-01-16T13:59:59',
      'running 2026-01-17T08:00:00',
    ],
  ],
  'an extension (第八条2)': [
    [
      'answered after 24 h to the second',
      () => answer('2026-01-16T09:00:00'),
      'answer_extension',
      '2026-01-16T10:00:00',
      'met 2026-01-16T09:00:00',
    ],
    [
      'answered a second later',
      () => answer('2026-01-16T09:00:01'),
      'answer_extension',
      '2026-01-16T10:00:00',
      'breached 2026-01-16T09:00:00',
    ],
    [
      'answered and not confirmed extends nothing (R-48)',
      () => answer('2026-01-16T09:00:00'),
      'close_not_hot',
      '2026-01-18T08:00:01',
      'breached 2026-01-18T08:00:00',
    ],
    [
      'confirmed before the limit: no breach, and the new limit beside the old',
      () =>
        answer('2026-01-16T09:00:00').then(
          'confirm_extension',
          '2026-01-16T09:30:00',
          { extensionId: 'x1' },
          { actor: OFFICER },
        ),
      'close_not_hot',
      '2026-01-18T08:00:01',
      'running 2026-01-18T08:00:00 → 2026-01-20T08:00:00',
    ],
  ],
}

describe.each(Object.entries(EXAMPLES))('%s', (_, examples) => {
  it.each(examples)('%s', (...[, told, key, when, expected]: Example) => {
    const { state, dueAt = 0, extendedDueAt } = told().clock(key, when)
    const short = (instant: number) => instantText(instant).slice(0, 19)
    const until = extendedDueAt === undefined ? '' : ` → ${short(extendedDueAt)}`
    expect(`${state} ${short(dueAt)}${until}`).toBe(expected)
  })
})
