import type { Role } from '#contract/vocabulary.ts'
import type { Rung } from '../../domain/notification/ladder.ts'
import type { DutyLookup } from './duty-lookup.ts'
import type { OnDuty } from '../notification/outbox.ts'
import type { PeopleStore } from '../access/people.ts'

const ROLE_OF: Readonly<Record<Rung, { readonly role: Role; readonly ofDepartment: boolean }>> = {
  crew: { role: 'crew', ofDepartment: true },
  deputy: { role: 'officer', ofDepartment: true },
  head: { role: 'officer', ofDepartment: true },
  duty_lead: { role: 'dispatcher', ofDepartment: false },
  service_leader: { role: 'service', ofDepartment: false },
}

/**
 * The roster, and for a rung that no roster speaks of the accounts that have its role: a unit that keeps no
 * roster hears of its tickets itself, before the desk does.
 */
export function rosterOrAccounts(
  duty: Pick<DutyLookup, 'onDuty' | 'isRostered'>,
  people: Pick<PeopleStore, 'list'>,
): OnDuty {
  const accounts = everybodyOnDuty(people)
  return (departmentId, rung, at) =>
    duty.isRostered(departmentId, rung, at)
      ? duty.onDuty(departmentId, rung, at)
      : accounts(departmentId, rung, at)
}

/** Without a roster everybody whose account has the role stands for the rung. */
export function everybodyOnDuty(people: Pick<PeopleStore, 'list'>): OnDuty {
  return async (departmentId, rung) => {
    const { role, ofDepartment } = ROLE_OF[rung]
    const holders = (await people.list()).filter(
      (person) => person.roles.includes(role) && (!ofDepartment || person.departmentId === departmentId),
    )
    return holders.map(({ id, name }) => ({ id, name }))
  }
}
