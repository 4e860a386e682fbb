import type { DutyGroup, DutyMember, DutyPlan, DutyShift } from '#contract/duty.ts'
import { DEPARTMENTS, type DutyRung, type Role } from '#contract/vocabulary.ts'
import type { Person } from '../domain/access/actor.ts'
import type { Department } from '../domain/network/network.ts'

/**
 * Rosters for the demo's people: in each unit the crew and the officer, in the dispatch centre the duty
 * lead and the duty leader of the customer-service centre, round the clock in turns of twelve hours. Each
 * is a post with one duty phone. Departments without such people get none.
 */
export function demoRoster(
  departments: Iterable<Department>,
  people: readonly Person[],
): readonly DutyPlan[] {
  return [...departments].flatMap((department): readonly DutyPlan[] => {
    const posts = postsOf(department.id)
      .map(({ rung, role, name }) => ({ rung, name, person: holderOf(people, role, department.id) }))
      .filter((post): post is Post => post.person !== undefined)
    if (posts.length === 0) return []
    const members = new Map<string, DutyMember>(
      posts.map(({ person }) => [person.id, memberOf(person, people)]),
    )
    const crew = posts.find(({ rung }) => rung === 'crew')
    return [
      {
        departmentId: department.id,
        ...(crew === undefined ? {} : { contactId: crew.person.id }),
        members: [...members.values()],
        groups: posts.map(({ rung, name }): DutyGroup => {
          const hours = department.id === DEPARTMENTS.dispatch ? 'always' : 'season'
          return { id: groupId(rung), name, rung, areaIds: [], needed: 1, hours }
        }),
        shifts: posts.map(({ rung, person }): DutyShift => ({
          kind: 'rotation',
          id: `${groupId(rung)}-turns`,
          groupId: groupId(rung),
          season: 'all',
          firstDay: '2020-01-01',
          handoverAt: '08:00',
          turnHours: 12,
          teams: [[person.id]],
        })),
      },
    ]
  })
}

interface Post {
  readonly rung: DutyRung
  readonly name: string
  readonly person: Person
}

function postsOf(departmentId: string): readonly { rung: DutyRung; role: Role; name: string }[] {
  if (departmentId === DEPARTMENTS.dispatch) {
    return [
      { rung: 'duty_lead', role: 'dispatcher', name: '调度中心值班长' },
      { rung: 'service_leader', role: 'service', name: '客服中心值班领导' },
    ]
  }
  return [
    { rung: 'crew', role: 'crew', name: '抢修组' },
    { rung: 'deputy', role: 'officer', name: '副部长' },
    { rung: 'head', role: 'officer', name: '部长' },
  ]
}

function holderOf(people: readonly Person[], role: Role, departmentId: string): Person | undefined {
  const isDesk = departmentId === DEPARTMENTS.dispatch
  return people.find(
    (person) => person.roles.includes(role) && (isDesk || person.departmentId === departmentId),
  )
}

/** Invented numbers: 199 0000 and the person's place in the list. */
function memberOf(person: Person, people: readonly Person[]): DutyMember {
  const number = String(people.indexOf(person)).padStart(4, '0')
  return { id: person.id, name: person.name, phone: `1990000${number}`, isPost: true }
}

function groupId(rung: DutyRung): string {
  return rung.replace('_', '-')
}
