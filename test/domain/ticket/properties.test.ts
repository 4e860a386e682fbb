import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import { TICKET_KINDS, type TicketKind } from '#contract/vocabulary.ts'
import { assess } from '../../../server/domain/ticket/assessment.ts'
import type { Person } from '../../../server/domain/access/actor.ts'
import { instantText, MINUTE, type Instant } from '../../../server/domain/instant.ts'
import { clocksOf } from '../../../server/domain/ticket/clocks.ts'
import { decide } from '../../../server/domain/ticket/decide.ts'
import type { TicketEvent } from '../../../server/domain/ticket/event.ts'
import { evolve, foldTicket } from '../../../server/domain/ticket/evolve.ts'
import { headlineOf } from '../../../server/domain/ticket/headline.ts'
import { isSameDefect, mergeTickets, unmergeTickets } from '../../../server/domain/ticket/merge.ts'
import { nextDue, sweep } from '../../../server/domain/ticket/sweep.ts'
import { handlingOf } from '../../../server/domain/ticket/ticket.ts'
import { BODIES, FACTS, inState } from './at-state.ts'
import { aTicket, at, CREW, DISPATCHER, OFFICER, rulesWith, SERVICE, type History } from './history.ts'

const RULES = rulesWith()
const START = at('08:00:00')
const PEOPLE: readonly Person[] = [OFFICER, CREW, DISPATCHER, SERVICE, { ...DISPATCHER, id: 'second' }]

interface Step {
  readonly command: CommandName
  readonly who: number
  readonly afterMinutes: number
  readonly pass: boolean
}
const step = fc.record<Step>({
  command: fc.constantFrom(...COMMANDS.filter((name) => name !== 'correct')),
  who: fc.nat(PEOPLE.length - 1),
  afterMinutes: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3000 })),
  pass: fc.boolean(),
})

/** Lives through random commands, the sweep running at each of its own instants in between. */
function live(kind: TicketKind, steps: readonly Step[]): { events: TicketEvent[]; now: Instant } {
  const events = [...aTicket(kind, '08:00:00').events]
  let now = START
  let ids = 0
  const newId = () => `p${String((ids += 1))}`
  const ticket = () => foldTicket('t', events)
  const wait = (until: Instant) => {
    for (;;) {
      const due = nextDue(assess(ticket(), RULES, now))
      if (due === undefined || due > until) break
      now = Math.max(now, due)
      const written = sweep(assess(ticket(), RULES, now), newId)
      expect(written.length).toBeGreaterThan(0)
      events.push(...written)
    }
    now = until
  }
  for (const { command, who, afterMinutes, pass } of steps) {
    wait(now + afterMinutes * MINUTE)
    const current = ticket()
    const extensionId = current.extensions.at(-1)?.id
    const body = {
      ...BODIES[command],
      ...(command === 'review' ? { pass, reason: 'not_detailed', seenAbnormal: true } : {}),
      ...(command === 'submit' ? { finalKind: kind } : {}),
      ...(command === 'safety' ? { barrier: true, cordon: true } : {}),
      ...(command === 'restore'
        ? { heatRestoredAt: instantText(now), faultClearedAt: instantText(now) }
        : {}),
      ...(command === 'unfounded' ? { surveyAt: instantText(now) } : {}),
      ...(extensionId === undefined ? {} : { extensionId }),
      ...(command === 'request_extension'
        ? { dueAt: instantText(headlineOf(current, RULES, now).dueAt + 60 * MINUTE) }
        : {}),
    }
    const actor = PEOPLE[who] ?? DISPATCHER
    const on = { ticket: current, events, actor, at: now, rules: RULES, facts: { ...FACTS, newId } }
    const event = decide(on, { command, version: events.length, body })
    if (!isRefusal(event)) events.push(event)
  }
  return { events, now }
}

const lives = fc.record({
  kind: fc.constantFrom(...TICKET_KINDS),
  steps: fc.array(step, { minLength: 1, maxLength: 40 }),
})
const check = (property: (life: { kind: TicketKind; steps: readonly Step[] }) => void) =>
  fc.assert(fc.property(lives, property), { numRuns: 300, seed: 20260115 })

describe('whatever people do', () => {
  it('no due instant is later than the policy without an extension or excluded review', () => {
    check(({ kind, steps }) => {
      const { events, now } = live(kind, steps)
      const ticket = foldTicket('t', events)
      for (const clock of clocksOf(ticket, RULES, now)) {
        if (clock.startAt === undefined || clock.limitMinutes === undefined || clock.dueAt === undefined)
          continue
        expect(clock.dueAt).toBe(clock.startAt + clock.limitMinutes * MINUTE + clock.excludedMs)
        if (clock.excludedMs > 0) expect(ticket.returnCount).toBeGreaterThan(0)
        if (clock.extendedDueAt !== undefined) {
          expect(ticket.extensions.some(({ effectiveAt }) => effectiveAt !== undefined)).toBe(true)
        }
      }
    })
  })

  it('a breach once written stays a breach of its clock', () => {
    check(({ kind, steps }) => {
      const { events, now } = live(kind, steps)
      const clocks = clocksOf(foldTicket('t', events), RULES, now)
      for (const event of events) {
        if (event.type !== 'breached') continue
        const { clock: key, run, dueAt } = event.data
        const clock = clocks.find((each) => each.key === key && each.run === run)
        expect([key, run, clock?.breaches.includes(dueAt), clock?.state]).toEqual([
          key,
          run,
          true,
          'breached',
        ])
      }
    })
  })

  it('each warning and breach is written once for a clock and step', () => {
    check(({ kind, steps }) => {
      const marks = live(kind, steps).events.flatMap((event) =>
        event.type === 'warned' || event.type === 'breached'
          ? [`${event.data.clock}|${event.data.run}|${event.data.step}`]
          : [],
      )
      expect(new Set(marks).size).toBe(marks.length)
    })
  })

  it('folding the whole history equals taking it line by line', () => {
    check(({ kind, steps }) => {
      const { events } = live(kind, steps)
      const [first, ...rest] = events
      if (first === undefined) throw new Error('no events')
      expect(rest.reduce(evolve, foldTicket('t', [first]))).toEqual(foldTicket('t', events))
    })
  })

  it('the sweep has nothing more to write once it has written', () => {
    check(({ kind, steps }) => {
      const { events, now } = live(kind, steps)
      const written = sweep(assess(foldTicket('t', events), RULES, now), () => 'x')
      const after = foldTicket('t', [...events, ...written])
      expect(sweep(assess(after, RULES, now), () => 'x')).toEqual([])
      expect(nextDue(assess(after, RULES, now)) ?? Infinity).toBeGreaterThan(now)
    })
  })

  it('the current clock of a key stands first', () => {
    check(({ kind, steps }) => {
      const { events, now } = live(kind, steps)
      const ticket = foldTicket('t', events)
      const first = new Map<string, string>()
      for (const { key, run } of clocksOf(ticket, RULES, now)) if (!first.has(key)) first.set(key, run)
      const current = String(ticket.handlings.length - 1)
      for (const [key, run] of first) if (key !== 'answer_extension') expect(run.split('.')[0]).toBe(current)
    })
  })
})

const told = (id: string, { events }: History) => ({ ticket: foldTicket(id, events), events })
let ids = 0
const nextId = () => `m${String((ids += 1))}`

describe('merging and un-merging', () => {
  const by = { actor: DISPATCHER, at: at('09:00:00'), reason: 'x', newId: nextId, policy: RULES.policy }

  it.each(['under_review', 'dispatched', 'arrived', 'submitted', 'returned'] as const)(
    'gives a ticket that was %s back as it was, clocks and all',
    (state) => {
      const earlier = told(
        'earlier',
        aTicket('cover', '07:50:00', { callId: 'call-0' }).dispatched('07:50:00'),
      )
      const history = inState(state)
      const before = history.ticket()
      expect(isSameDefect(before, earlier.ticket)).toBe(true)
      const merged = mergeTickets({ ticket: before, events: history.events }, earlier, by)
      expect(merged.survivor.id).toBe('earlier')
      const gone = foldTicket('t1', [...history.events, ...merged.intoAbsorbed])
      expect(gone.state).toBe('merged')
      expect(nextDue(assess(gone, RULES, by.at))).toBeUndefined()
      const whole = [...earlier.events, ...merged.intoSurvivor]
      const survivor = foldTicket('earlier', whole)
      expect(survivor).toEqual(merged.intoSurvivor.reduce(evolve, merged.survivor))
      expect(survivor.calls.map(({ id }) => id)).toEqual(['call-0', 'call-1'])
      const apart = unmergeTickets(survivor, gone, by)
      const back = foldTicket('t1', [...history.events, ...merged.intoAbsorbed, ...apart.intoAbsorbed])
      expect({ ...back, version: 0 }).toEqual({ ...before, version: 0 })
      expect(clocksOf(back, RULES, by.at)).toEqual(clocksOf(before, RULES, by.at))
      const alone = foldTicket('earlier', [...whole, ...apart.intoSurvivor])
      expect({ ...alone, version: 0 }).toEqual({ ...merged.survivor, version: 0 })
    },
  )

  it('keeps the earliest start, whichever way round', () => {
    const a = told('a', aTicket('cover', '08:10:00'))
    const b = told('b', aTicket('cover', '08:00:00'))
    for (const pair of [mergeTickets(a, b, by), mergeTickets(b, a, by)]) {
      expect([pair.survivor.id, handlingOf(pair.survivor).startAt]).toEqual(['b', at('08:00:00')])
    }
  })

  it('is not for different kinds or different wells', () => {
    const cover = aTicket('cover', '08:00:00', { assetId: 'W1' }).ticket()
    expect(isSameDefect(cover, aTicket('well_vent', '08:00:00', { assetId: 'W1' }).ticket())).toBe(false)
    expect(isSameDefect(cover, aTicket('cover', '08:00:00', { assetId: 'W2' }).ticket())).toBe(false)
    expect(isSameDefect(cover, aTicket('cover', '08:00:00').ticket())).toBe(true)
  })
})
