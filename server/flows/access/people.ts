import type { Role } from '#contract/vocabulary.ts'
import { DEPARTMENTS } from '#contract/vocabulary.ts'
import { isBlank, refuseName, refuseReserved } from '#contract/names.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import type { Department } from '../../domain/network/network.ts'
import type { Instant } from '../../domain/instant.ts'
import { hashPassword } from './password.ts'

/** Where people are kept. */
export interface PeopleStore {
  find(id: string): Promise<{ person: Person; passwordHash: string } | undefined>
  list(): Promise<readonly Person[]>
  /** Whether there ever was anybody, also of those who were disabled since. */
  hasHadPeople(): Promise<boolean>
  /** Adds the very first person; false where somebody came before. */
  saveFirst(person: Person, passwordHash: string, at: Instant): Promise<boolean>
  /** Adds or changes a person, and in the same transaction ends the sessions of who they were. */
  save(person: Person, passwordHash: string, at: Instant): Promise<void>
  disable(id: string, at: Instant): Promise<boolean>
  /** False, and no session, once the person was disabled or saved anew: each save has a hash of its own. */
  openSession(
    tokenHash: string,
    of: { readonly personId: string; readonly passwordHash: string },
    times: { readonly at: Instant; readonly expiresAt: Instant },
  ): Promise<boolean>
  personOfSession(tokenHash: string, at: Instant): Promise<Person | undefined>
  closeSession(tokenHash: string): Promise<void>
  /** Whoever is signed in as this person has to sign in again. */
  closeSessionsOf(personId: string): Promise<void>
  /** Ends all sessions but one; false where the password is no longer the one that was checked. */
  changePassword(
    personId: string,
    change: { readonly from: string; readonly to: string; readonly keepSession: string },
  ): Promise<boolean>
  /** Newest first. */
  sessionsOf(
    personId: string,
    at: Instant,
  ): Promise<readonly { tokenHash: string; createdAt: Instant; expiresAt: Instant }[]>
  closeOtherSessions(personId: string, keepTokenHash: string): Promise<void>
  /** Calls back after sessions have been ended, whoever they were of. */
  watchSessions(ended: () => void): void
}

const MIN_PASSWORD_LENGTH = 12
const NAME = /^[a-z][a-z0-9-]{1,63}$/

export interface NewPerson {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly departmentId?: string
  readonly password: string
}

/** The departments that there are, by id. */
export type KnownDepartments = Pick<ReadonlySet<string>, 'has'>

/** Adds a person, or changes an existing one's name, roles and password, whose sessions then end. */
export async function savePerson(
  ...[store, person, at, departments]: [PeopleStore, NewPerson, Instant, KnownDepartments]
): Promise<Person | Refusal> {
  const made = await createPerson(person, departments)
  if (isRefusal(made)) return made
  await store.save(made.person, made.passwordHash, at)
  return made.person
}

/** A person as they are saved, once every rule for names, roles and passwords is kept. */
export async function createPerson(
  person: NewPerson,
  departments: KnownDepartments,
): Promise<{ readonly person: Person; readonly passwordHash: string } | Refusal> {
  const wrong = refusePerson(person, departments)
  if (wrong !== undefined) return wrong
  const { password, ...rest } = person
  return { person: { kind: 'person', ...rest }, passwordHash: await hashPassword(password) }
}

function refusePerson(person: NewPerson, departments: KnownDepartments): Refusal | undefined {
  const { id, name, roles, departmentId, password } = person
  if (!NAME.test(id))
    return refuse('bad-value', {
      zh: '用户名应为小写字母、数字和连字符,以字母开头',
      en: 'a user name has small letters, digits and hyphens and begins with a letter',
    })
  const unnamed = refuseReserved(id) ?? refuseName('name', name)
  if (unnamed !== undefined) return unnamed
  if (roles.length === 0)
    return refuse(
      'missing-field',
      { zh: '至少需要一个角色', en: 'at least one role is needed' },
      { missing: ['roles'] },
    )
  const weak = refusePassword(password)
  if (weak !== undefined) return weak
  const needsDepartment = roles.some((role) => role === 'officer' || role === 'crew')
  if (needsDepartment && departmentId === undefined) {
    return refuse(
      'missing-field',
      { zh: '部门人员需要指明部门', en: 'people of a department need its name' },
      { missing: ['departmentId'] },
    )
  }
  if (departmentId !== undefined && !departments.has(departmentId))
    return refuse('bad-value', {
      zh: `没有部门 ${departmentId}`,
      en: `there is no department ${departmentId}`,
    })
  return undefined
}

/** What every password has to be, whoever sets it. */
export function refusePassword(password: string): Refusal | undefined {
  if (password.length < MIN_PASSWORD_LENGTH) {
    return refuse('bad-value', {
      zh: `密码至少 ${String(MIN_PASSWORD_LENGTH)} 位`,
      en: `a password has ${String(MIN_PASSWORD_LENGTH)} characters at least`,
    })
  }
  if (isBlank(password))
    return refuse('bad-value', {
      zh: '密码不能只有空格或不可见字符',
      en: 'a password needs more than spaces and invisible characters',
    })
  return undefined
}

const DEMO_PASSWORD = 'demo'
const DEMO_PEOPLE: readonly (readonly [Role, string])[] = [
  ['operator', '热线员'],
  ['dispatcher', '调度员'],
  ['service', '客服中心'],
  ['engineer', '工程师'],
  ['admin', '管理员'],
  ['wall', '大屏'],
]

/**
 * The demo's people: one for each role, an officer and a crew for each department. `hash`
 * may be a quicker one where hundreds of servers are furnished.
 */
export async function ensureDemoPeople(
  store: PeopleStore,
  departments: Iterable<Department>,
  at: Instant,
  hash: (password: string) => Promise<string> = hashPassword,
): Promise<readonly Person[]> {
  const people: Person[] = DEMO_PEOPLE.map(([role, name]) => ({
    kind: 'person',
    id: role,
    name,
    roles: [role],
  }))
  for (const department of departments) {
    if (department.id === DEPARTMENTS.dispatch) continue
    const of = { kind: 'person', departmentId: department.id } as const
    people.push({
      ...of,
      id: `officer-${department.id}`,
      name: `${department.name}负责人`,
      roles: ['officer'],
    })
    people.push({ ...of, id: `crew-${department.id}`, name: `${department.name}抢修班`, roles: ['crew'] })
  }
  const passwordHash = await hash(DEMO_PASSWORD)
  for (const person of people) {
    if ((await store.find(person.id)) === undefined) await store.save(person, passwordHash, at)
  }
  return people
}
