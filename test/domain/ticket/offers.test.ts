import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import type { Offer } from '#contract/offer.ts'
import { isRefusal } from '#contract/problem.ts'
import { TICKET_KINDS, type Role, type TicketKind } from '#contract/vocabulary.ts'
import type { Person } from '../../../server/domain/access/actor.ts'
import { instantText, MINUTE, parseInstant, type Instant } from '../../../server/domain/instant.ts'
import type { PolicyPack } from '../../../server/domain/policy/policy-pack.ts'
import { TIANJIN } from '../../../server/domain/policy/tianjin.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import { assess, type Assessment } from '../../../server/domain/ticket/assessment.ts'
import type { Rules } from '../../../server/domain/ticket/clock.ts'
import { decide } from '../../../server/domain/ticket/decide.ts'
import type { TicketEvent } from '../../../server/domain/ticket/event.ts'
import { foldTicket } from '../../../server/domain/ticket/evolve.ts'
import { headlineOf } from '../../../server/domain/ticket/headline.ts'
import { offersTo } from '../../../server/domain/ticket/offers.ts'
import { nextDue, sweep } from '../../../server/domain/ticket/sweep.ts'
import type { Ticket } from '../../../server/domain/ticket/ticket.ts'
import { BODIES, FACTS } from './at-state.ts'
import { chances, fill, type Chance } from './fill.ts'
import {
  aSensorTicket,
  aTicket,
  at,
  CREW,
  DISPATCHER,
  OFFICER,
  OPERATOR,
  rulesWith,
  SERVICE,
} from './history.ts'

const START = at('08:00:00')
const AREA_CREW: Person = { ...CREW, id: 'crew-area-1', departmentId: 'area-1' }
const PEOPLE: readonly Person[] = [
  DISPATCHER,
  OFFICER,
  CREW,
  SERVICE,
  OPERATOR,
  { ...DISPATCHER, id: 'second', roles: ['dispatcher', 'service'] as Role[] },
  { ...OFFICER, id: 'other', departmentId: 'area-1' },
  { ...OFFICER, id: 'wall', roles: ['wall'] as Role[] },
]

/** Another city's pack: what kinds oblige to, how often, how long and who reviews all differ. */
const packs: fc.Arbitrary<PolicyPack> = fc
  .record({
    base: fc.constantFrom(WUDA, TIANJIN),
    extension: fc.constantFrom('allowed' as const, 'override' as const, 'refused' as const),
    most: fc.nat(2),
    share: fc.constantFrom(0.5, 1, 2),
    unresolved: fc.boolean(),
    noMeasures: fc.boolean(),
    fences: fc.boolean(),
    twice: fc.boolean(),
    second: fc.boolean(),
    accept: fc.constantFrom(5, 10, 60),
  })
  .map(({ base, extension, most, share, unresolved, noMeasures, fences, twice, second, accept }) => {
    const kind = (name: 'well_vent' | 'primary_leak' | 'indoor_leak') => ({
      ...base.kinds[name],
      extension,
      mayStayUnresolved: unresolved,
      noMeasuresAllowed: noMeasures,
      barrierAndCordon: fences,
    })
    const when = { zh: '不具备条件', en: 'no conditions' }
    const limited = ['repair_cover', 'repair_vent', 'close_not_hot'] as const
    const withSecond = limited.map((key) => {
      const rule = base.clocks[key]
      return [key, { ...rule, secondLimit: { limitMinutes: 200 * 60, when } }] as const
    })
    const name = { zh: '审核', en: 'review' }
    return {
      ...base,
      kinds: {
        ...base.kinds,
        well_vent: kind('well_vent'),
        primary_leak: kind('primary_leak'),
        indoor_leak: kind('indoor_leak'),
      },
      clocks: { ...base.clocks, ...(second ? Object.fromEntries(withSecond) : {}) },
      settings: {
        ...base.settings,
        extensionMost: most,
        extensionMostShare: share,
        deemedAcceptMinutes: accept,
      },
      ...(twice
        ? {
            reviewLevels: [
              { name, role: 'dispatcher' },
              { name, role: 'service' },
            ],
          }
        : {}),
    }
  })

interface Life {
  readonly kind: TicketKind
  readonly pack: PolicyPack
  readonly byPhone: boolean
  /** What its people do whenever they may. */
  readonly eager: CommandName
  readonly managedBy: string
  readonly steps: readonly { readonly who: number; readonly which: number; readonly minutes: number }[]
  readonly facts: { readonly sensorAbnormal: boolean; readonly writesByHand: boolean }
  readonly chance: Chance
}
const lives = fc.record<Life>({
  kind: fc.constantFrom(...TICKET_KINDS),
  pack: packs,
  byPhone: fc.boolean(),
  eager: fc.constantFrom('request_extension', 'state_hindrance', 'unfounded', 'reject', 'note'),
  managedBy: fc.constantFrom('own', 'property-company'),
  steps: fc.array(
    fc.record({
      who: fc.oneof(fc.nat(3), fc.nat(PEOPLE.length - 1)),
      which: fc.nat(1000),
      minutes: fc.oneof(fc.nat(20), fc.nat(60), fc.nat(3000)),
    }),
    { maxLength: 30, size: 'max' },
  ),
  facts: fc.record({ sensorAbnormal: fc.boolean(), writesByHand: fc.boolean() }),
  chance: chances,
})

/** A ticket on its way through what its people are offered, time writing what falls due in between. */
class World {
  readonly events: TicketEvent[]
  readonly rules: Rules
  readonly #life: Life
  /** Whatever was offered on the way. */
  readonly seen = new Set<CommandName>()
  now: Instant = START
  #ids = 0

  constructor(life: Life) {
    this.#life = life
    this.rules = { ...rulesWith(), policy: life.pack }
    const opening = { managedBy: life.managedBy, level: life.pack.kinds[life.kind].level }
    const history = (life.byPhone ? aTicket : aSensorTicket)(life.kind, '08:00:00', opening)
    this.events = [...history.events]
  }

  get facts() {
    const people = new Map([CREW, AREA_CREW].map((person) => [person.id, person]))
    return { ...FACTS, ...this.#life.facts, people, newId: this.newId }
  }
  readonly newId = (): string => `o${String((this.#ids += 1))}`

  #folded: Ticket | undefined
  ticket(): Ticket {
    if (this.#folded?.version !== this.events.length) this.#folded = foldTicket('t', this.events)
    return this.#folded
  }
  #assessed: Assessment | undefined
  assessment(): Assessment {
    const ticket = this.ticket()
    if (this.#assessed?.ticket !== ticket || this.#assessed.at !== this.now)
      this.#assessed = assess(ticket, this.rules, this.now)
    return this.#assessed
  }

  wait(until: Instant): void {
    for (;;) {
      const due = nextDue(this.assessment())
      if (due === undefined || due > until) break
      this.now = Math.max(this.now, due)
      this.events.push(...sweep(this.assessment(), this.newId))
    }
    this.now = Math.max(this.now, until)
  }

  /** A form filled in as somebody of the ticket's own department might. */
  fill(offer: Offer) {
    const crew = `crew-${this.ticket().department.id}`
    return fill(offer, { now: this.now, crew }, this.#life.chance)
  }

  offers(actor: Person): readonly Offer[] {
    const { events, facts } = this
    return offersTo({ assessment: this.assessment(), events, facts }, actor).offers
  }

  ask(actor: Person, command: CommandName, body: Readonly<Record<string, unknown>>, version?: number) {
    const { events, now, rules, facts } = this
    const on = { ticket: this.ticket(), events, actor, at: now, rules, facts }
    return decide(on, { command, version: version ?? events.length, body })
  }

  /** Somebody takes one of the offers, mostly the next step. */
  go({ who, which, minutes }: Life['steps'][number]): void {
    this.wait(this.now + minutes * MINUTE)
    const actor = PEOPLE[who] ?? DISPATCHER
    const offers = this.offers(actor)
    for (const { command } of offers) this.seen.add(command)
    const eager = offers.find(({ command }) => command === this.#life.eager)
    const next = which % 4 === 0 ? eager : offers.find((one) => one.next)
    const offer = next ?? offers[Math.floor(which / 4) % Math.max(1, offers.length)]
    if (offer === undefined) return
    const event = this.ask(actor, offer.command, this.fill(offer))
    if (!isRefusal(event)) this.events.push(event)
  }
}

function live(life: Life): World {
  const world = new World(life)
  for (const step of life.steps) world.go(step)
  return world
}

const check = (property: (life: Life) => void, numRuns = 200) =>
  fc.assert(fc.property(lives, property), { numRuns, seed: 20260115 })

describe('what is offered', () => {
  it('is accepted with its fields filled in', () => {
    check((life) => {
      const world = live(life)
      for (const actor of PEOPLE) {
        for (const offer of world.offers(actor)) {
          const body = world.fill(offer)
          const said = world.ask(actor, offer.command, body)
          const refused = isRefusal(said) ? [actor.id, offer.command, body, said] : undefined
          expect(refused).toBeUndefined()
        }
      }
    })
  })

  it('is accepted on this version until the last second of its time', () => {
    check((life) => {
      const world = live(life)
      const version = world.events.length
      const actor = PEOPLE[life.chance.pick(PEOPLE.length)] ?? DISPATCHER
      for (const offer of world.offers(actor)) {
        const end = offer.until === undefined ? undefined : parseInstant(offer.until)
        const later = new World(life)
        later.events.splice(0, Infinity, ...world.events)
        later.now = world.now
        later.wait(end === undefined ? world.now + life.chance.pick(5000) * MINUTE : end + 999)
        const body = later.fill(offer)
        const said = later.ask(actor, offer.command, body, version)
        const refused = isRefusal(said) ? [actor.id, offer.command, body, said] : undefined
        expect(refused).toBeUndefined()
        if (end === undefined) continue
        later.wait(end + 1000)
        expect(isRefusal(later.ask(actor, offer.command, body))).toBe(true)
      }
    })
  })
})

describe('what is not offered', () => {
  it('is refused, whatever it says', () => {
    check((life) => {
      const world = live(life)
      const ticket = world.ticket()
      const headline = headlineOf(ticket, world.rules, world.now).dueAt
      for (const actor of PEOPLE) {
        const offered = new Set(world.offers(actor).map(({ command }) => command))
        for (const command of COMMANDS.filter((name) => !offered.has(name))) {
          const when = { heatRestoredAt: instantText(world.now), surveyAt: instantText(world.now) }
          const body = {
            ...BODIES[command],
            ...when,
            finalKind: ticket.kind,
            outcome: life.chance.pick(2) === 0 ? 'done' : 'explained_unresolved',
            reason: command === 'review' ? 'other' : 'x',
            departmentId: 'network-ops',
            seenAbnormal: true,
            callId: ticket.calls[0]?.id ?? 'call-1',
            extensionId: ticket.extensions[life.chance.pick(3)]?.id ?? 'x',
            dueAt: instantText(headline + 60 * MINUTE),
            eventId: world.events[life.chance.pick(world.events.length)]?.id,
            attachmentIds: ['a1'],
            occurredAt: undefined,
          }
          const said = world.ask(actor, command, body)
          const taken = isRefusal(said) ? undefined : [actor.id, command, ticket.state, said]
          expect(taken).toBeUndefined()
        }
      }
    })
  })
})

describe('the lives of these tickets', () => {
  it('come by every command', () => {
    const offered = new Set<CommandName>()
    check((life) => {
      const world = live(life)
      for (const command of world.seen) offered.add(command)
    })
    expect(COMMANDS.filter((command) => !offered.has(command))).toEqual([])
  })
})
