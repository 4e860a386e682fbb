import type { DutyRung, Role } from '#contract/vocabulary.ts'
import type { Person } from '../../domain/access/actor.ts'
import type { DutyBook, DutyWhy, OnDuty } from '../../domain/duty/book.ts'
import { isRostered, onDuty } from '../../domain/duty/on-duty.ts'
import type { Instant } from '../../domain/instant.ts'

/** Somebody on duty as others need it: whom to tell, by which phone, and why this one. */
interface DutyPerson extends Person {
  readonly phone: string
  readonly why: DutyWhy
}

export interface DutyLookup {
  /**
   * Who holds a rung of a department at any instant, past or ahead. `[]`: nobody, ask the next rung. The
   * two top rungs are the company's own, whichever department is named. On nights without duty the rung
   * `crew` answers with the unit's contact (R-32, A31). `roles` are those of the rung, not of an account.
   */
  onDuty(departmentId: string, rung: DutyRung, at: Instant): readonly DutyPerson[]
  /** Does any roster say who holds this rung? If not, its accounts do, before the rungs above. */
  isRostered(departmentId: string, rung: DutyRung, at: Instant): boolean
  /** The phones of people by id, as the rosters in force at `at` know them. */
  people(ids: readonly string[], at: Instant): readonly Pick<DutyPerson, 'id' | 'name' | 'phone'>[]
}

const ROLE_OF: Readonly<Record<DutyRung, Role>> = {
  crew: 'crew',
  deputy: 'officer',
  head: 'officer',
  duty_lead: 'dispatcher',
  service_leader: 'service',
}

/** Answers from memory, always by the newest roster on disk. */
export function createDutyLookup({ book }: { readonly book: () => DutyBook }): DutyLookup {
  return {
    onDuty: (departmentId, rung, at) => onDuty(book(), { departmentId, rung }, at).map(personOf),
    isRostered: (departmentId, rung, at) => isRostered(book(), { departmentId, rung }, at),
    people(ids, at) {
      const members = book()
        .plans.filter(({ since }) => since <= at)
        .toSorted((a, b) => b.version - a.version)
        .flatMap((plan) => plan.members)
      return ids.flatMap((id) => members.find((member) => member.id === id) ?? [])
    },
  }
}

function personOf({ member: { id, name, phone }, departmentId, rung, why }: OnDuty): DutyPerson {
  return { kind: 'person', id, name, roles: [ROLE_OF[rung]], departmentId, phone, why }
}
