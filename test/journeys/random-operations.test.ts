import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ClockView, TicketView } from '#contract/ticket.ts'
import { begin, operation, play } from './random-operations.ts'
import { aWorld, type World } from '../support/world.ts'

/** How many lives; `WELLWATCH_LIVES=50` for a night. */
const LIVES = Number(process.env['WELLWATCH_LIVES'] ?? 1)
const MINUTE = 60_000

const all = (world: World) => world.as('wall').tickets('limit=200')
const isOpen = ({ state }: TicketView) => state !== 'archived' && state !== 'merged'

/** F23: whatever people, sensors, restarts and the clock do, in any order, these hold. */
function invariants(tickets: readonly TicketView[], before: ReadonlyMap<string, TicketView>): void {
  const open = new Set<string>()
  for (const ticket of tickets) {
    const { number, incidentId, kind, assetId } = ticket
    if (incidentId !== undefined && isOpen(ticket)) {
      const defect = `${incidentId} ${kind} ${assetId ?? ''}`
      expect([number, open.has(defect)]).toEqual([number, false])
      open.add(defect)
    }
    for (const clock of ticket.clocks) expectWithinPolicy(ticket, clock)
    const known = before.get(ticket.id)
    if (known !== undefined) {
      const history = ticket.events.slice(0, known.events.length)
      expect([number, history]).toEqual([number, known.events])
    }
    if (ticket.state === 'archived') expectFeedback(ticket)
  }
}

/** Never later than the policy says without an approved extension or excluded review time. */
function expectWithinPolicy(ticket: TicketView, clock: ClockView): void {
  const { key, startAt, dueAt, limitMinutes, excludedMinutes, extendedDueAt } = clock
  if (startAt === undefined || dueAt === undefined || limitMinutes === undefined) return
  const expected = Date.parse(startAt) + (limitMinutes + excludedMinutes) * MINUTE
  expect([ticket.number, key, Date.parse(dueAt)]).toEqual([ticket.number, key, expected])
  if (excludedMinutes > 0) expect(ticket.returnCount).toBeGreaterThan(0)
  const isExtended = ticket.extensions.some(({ effectiveAt }) => effectiveAt !== undefined)
  if (extendedDueAt !== undefined) expect([ticket.number, isExtended]).toEqual([ticket.number, true])
}

/** Closed means answered, or replied and passed; and called back, or nobody to call. */
function expectFeedback({ number, events, calls }: TicketView): void {
  const has = (type: string) => events.some((event) => event.type === type)
  if (has('answer')) return
  const passed = events.some(({ type, data }) => type === 'review' && data['pass'] === true)
  const calledBack = calls.length === 0 || has('callback')
  expect([number, has('submit') || has('unfounded'), passed, calledBack]).toEqual([number, true, true, true])
}

/** What was shown at an instant is what its events say of it for ever. */
async function expectAsShown(world: World, at: string, shown: readonly TicketView[]): Promise<void> {
  for (const ticket of shown) {
    const then = await world.as('wall').ticket(ticket.id, at)
    const of = ({ state, level, dueAt, clocks, flags }: TicketView) => ({
      state,
      level,
      dueAt,
      clocks,
      flags,
    })
    expect([ticket.number, of(then)]).toEqual([ticket.number, of(ticket)])
  }
}

it('F23 random operations through the whole server', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 80, maxLength: 100 }), async (operations) => {
      const world = await aWorld({ start: '09:00:00' })
      try {
        await begin(world)
        let before = new Map<string, TicketView>()
        let shown: { at: string; tickets: readonly TicketView[] } | undefined
        for (const each of operations) {
          const [then, known] = [world.now(), await all(world)]
          await play(world, each)
          const tickets = await all(world)
          invariants(tickets, before)
          if (each.kind === 'restart') expect(tickets).toEqual(known)
          before = new Map(tickets.map((ticket) => [ticket.id, ticket]))
          if (shown !== undefined) await expectAsShown(world, shown.at, shown.tickets)
          // Only of an instant that is over is it certain that nothing more will be entered.
          shown = world.now() > then ? { at: new Date(then).toISOString(), tickets: known } : undefined
        }
      } finally {
        await world.close()
      }
    }),
    { numRuns: LIVES, seed: 20260115, endOnFailure: true },
  )
})
