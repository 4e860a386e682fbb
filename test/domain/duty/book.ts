import type { DutyGroup, DutyShift } from '../../../server/contract/duty.ts'
import type {
  DutyBook,
  Exception,
  Override,
  PlanVersion,
  Temporary,
} from '../../../server/domain/duty/book.ts'
import { parseInstant, type Instant } from '../../../server/domain/instant.ts'
import { defaultDutySettings } from '../../../server/domain/duty/season.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import { CHINA_DAYS } from '../../../server/domain/policy/china-days.ts'

/** Shanghai time. */
export function at(text: string): Instant {
  const instant = parseInstant(`${text}+08:00`)
  if (instant === undefined) throw new Error(`not a time: ${text}`)
  return instant
}

export const BY = { id: 'officer', name: '负责人' }

export const CREW: DutyGroup = {
  id: 'crew',
  name: '抢修组',
  rung: 'crew',
  areaIds: [],
  needed: 1,
  hours: 'season',
}

/** Three people take turns of 12 hours from 1 October 2025, 08:00. */
export const ROTATION: Extract<DutyShift, { kind: 'rotation' }> = {
  kind: 'rotation',
  id: 'rota',
  groupId: 'crew',
  season: 'all',
  firstDay: '2025-10-01',
  handoverAt: '08:00',
  turnHours: 12,
  teams: [['a'], ['b'], ['c']],
}

export function aPlan(change: Partial<PlanVersion> = {}): PlanVersion {
  return {
    departmentId: 'network-ops',
    version: 1,
    since: 0,
    enteredAt: 0,
    by: BY,
    contactId: 'a',
    members: ['a', 'b', 'c', 'd'].map((id, index) => ({
      id,
      name: `人员${id}`,
      phone: `1380000000${String(index)}`,
    })),
    groups: [CREW],
    shifts: [ROTATION],
    ...change,
  }
}

export function aBook(
  plans: readonly PlanVersion[] = [aPlan()],
  exceptions: readonly Exception[] = [],
): DutyBook {
  return {
    plans,
    settings: [],
    defaults: defaultDutySettings(WUDA),
    exceptions,
    calendar: CHINA_DAYS,
    clauses: WUDA.clauses,
  }
}

export function anOverride(change: Partial<Override>): Override {
  return {
    kind: 'override',
    id: 'o1',
    departmentId: 'network-ops',
    groupId: 'crew',
    from: at('2026-01-15T08:00:00'),
    to: at('2026-01-15T20:00:00'),
    enteredAt: 0,
    by: BY,
    ...change,
  }
}

export function aTemporary(change: Partial<Temporary>): Temporary {
  return {
    kind: 'temporary',
    id: 't1',
    departmentId: 'network-ops',
    groupId: 'crew',
    enteredAt: 0,
    by: BY,
    from: at('2026-01-15T08:00:00'),
    to: at('2026-01-16T08:00:00'),
    parts: [],
    ...change,
  }
}

export const OPS = { departmentId: 'network-ops' }
