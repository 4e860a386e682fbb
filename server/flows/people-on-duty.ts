import type { Role } from '#contract/vocabulary.ts'
import type { Rung } from '../domain/notification/ladder.ts'
import type { OnDuty } from './outbox.ts'
import type { PeopleStore } from './people.ts'

const ROLE_OF: Readonly<Record<Rung, { readonly role: Role; readonly ofDepartment: boolean }>> = {
  crew: { role: 'crew', ofDepartment: true },
  deputy: { role: 'officer', ofDepartment: true },
  head: { role: 'officer', ofDepartment: true },
  duty_lead: { role: 'dispatcher', ofDepartment: false },
  service_leader: { role: 'service', ofDepartment: false },
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
