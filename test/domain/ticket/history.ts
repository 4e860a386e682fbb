import type { TicketEventType } from '#contract/commands/commands.ts'
import type { ClockKey, TicketKind } from '#contract/vocabulary.ts'
import type { Person } from '../../../server/domain/access/actor.ts'
import { parseInstant, type Instant } from '../../../server/domain/instant.ts'
import { CHINA_DAYS } from '../../../server/domain/policy/china-days.ts'
import type { WorkCalendar } from '../../../server/domain/policy/calendar.ts'
import type { PolicyPack } from '../../../server/domain/policy/policy-pack.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import type { Clock, Rules } from '../../../server/domain/ticket/clock.ts'
import { clocksOf } from '../../../server/domain/ticket/clocks.ts'
import type { EventData, EventOf, TicketEvent } from '../../../server/domain/ticket/event.ts'
import { foldTicket } from '../../../server/domain/ticket/evolve.ts'
import type { Route } from '../../../server/domain/ticket/route.ts'
import type { Ticket } from '../../../server/domain/ticket/ticket.ts'

export const OPS: Route = {
  departmentId: 'network-ops',
  departmentName: '管网运行部',
  rule: 'primary_in_service',
  why: '一次网在运管线',
  networkVersion: 1,
}

export const person = (id: string, ...roles: Person['roles']): Person => ({
  kind: 'person',
  id,
  name: id,
  roles,
})
export const OFFICER: Person = { ...person('officer-network-ops', 'officer'), departmentId: 'network-ops' }
export const CREW: Person = { ...person('crew-network-ops', 'crew'), departmentId: 'network-ops' }
export const DISPATCHER = person('dispatcher', 'dispatcher')
export const OPERATOR = person('operator', 'operator')
export const SERVICE = person('service', 'service')

/** Shanghai time; a date stands in front or 2026-01-15 is meant. */
export function at(text: string): Instant {
  const full = text.includes('T') ? text : `2026-01-15T${text}`
  const instant = parseInstant(`${full}+08:00`)
  if (instant === undefined) throw new Error(`not a time: ${text}`)
  return instant
}

export function rulesWith(
  flags: Partial<PolicyPack['flags']> = {},
  calendar: WorkCalendar = CHINA_DAYS,
): Rules {
  return { policy: { ...WUDA, flags: { ...WUDA.flags, ...flags } }, calendar }
}

/** A ticket told line by line: `aTicket('cover', '22:50:00').then('auto_dispatched', '22:50:05', …)`. */
export class History {
  readonly events: TicketEvent[] = []
  #ids = 0

  then<Type extends TicketEventType>(
    type: Type,
    when: string,
    data: EventData[Type],
    more: { enteredAt?: string; actor?: Person } = {},
  ): this {
    this.#ids += 1
    const occurredAt = at(when)
    const line: EventOf<TicketEventType> = {
      id: `e${String(this.#ids)}`,
      type,
      occurredAt,
      enteredAt: more.enteredAt === undefined ? occurredAt : at(more.enteredAt),
      actor: more.actor ?? OFFICER,
      data,
    }
    this.events.push(line as TicketEvent)
    return this
  }

  dispatched(when: string): this {
    const { departmentId, departmentName, rule, why } = OPS
    return this.then('auto_dispatched', when, { departmentId, departmentName, rule, why, channel: 'system' })
  }

  submitted(when: string, outcome: 'done' | 'explained_unresolved' = 'done'): this {
    return this.then('submit', when, { result: '已处理', finalKind: this.ticket().kind, outcome })
  }

  returned(when: string): this {
    return this.then('review', when, { pass: false, reason: 'not_detailed' }, { actor: DISPATCHER })
  }

  passed(when: string): this {
    return this.then('review', when, { pass: true }, { actor: DISPATCHER })
  }

  ticket(): Ticket {
    return foldTicket('t1', this.events)
  }

  clocks(when: string, rules: Rules = rulesWith()): readonly Clock[] {
    const now = at(when)
    return clocksOf(
      foldTicket(
        't1',
        this.events.filter((event) => event.enteredAt <= now),
      ),
      rules,
      now,
    )
  }

  clock(key: ClockKey, when: string, rules: Rules = rulesWith()): Clock {
    const clock = this.clocks(when, rules).find((each) => each.key === key)
    if (clock === undefined) throw new Error(`no clock ${key}`)
    return clock
  }
}

type Opening = Partial<EventData['opened']> & { enteredAt?: string }

/** A ticket that somebody phoned about. */
export function aTicket(kind: TicketKind, openedAt: string, more: Opening = {}): History {
  return opening(kind, openedAt, { callId: 'call-1', ...more })
}

/** A ticket that only a sensor knows of. */
export function aSensorTicket(kind: TicketKind, openedAt: string, more: Opening = {}): History {
  return opening(kind, openedAt, { source: 'sensor', ...more })
}

function opening(kind: TicketKind, openedAt: string, { enteredAt, ...data }: Opening): History {
  const opened: EventData['opened'] = {
    number: 'GW-20260115-001',
    kind,
    level: WUDA.kinds[kind].level,
    source: 'phone',
    route: OPS,
    managedBy: 'own',
    exercise: false,
    flags: [],
    ...data,
  }
  return new History().then('opened', openedAt, opened, enteredAt === undefined ? {} : { enteredAt })
}

export const SCENE = { scene: '井盖移位', heatAffected: false, expectedMinutes: 60 }
