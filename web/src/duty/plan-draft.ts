import type { DutyGroup, DutyMember, DutyPlan, DutyShift } from '#contract/duty.ts'

export type ShiftKind = DutyShift['kind']

/** A copy to edit; what the server adds to a roster (version, author) stays behind. */
export function draftOf(departmentId: string, plan: DutyPlan | undefined): DutyPlan {
  const { members = [], groups = [], shifts = [], contactId } = plan ?? {}
  return structuredClone({
    departmentId,
    ...(contactId === undefined ? {} : { contactId }),
    ...{ members, groups, shifts },
  })
}

/** An id that is not taken: `prefix-1`, `prefix-2` … */
export function freshId(prefix: string, taken: readonly { readonly id: string }[]): string {
  for (let n = 1; ; n++) {
    const id = `${prefix}-${n}`
    if (taken.every((one) => one.id !== id)) return id
  }
}

export function aMember(plan: DutyPlan): DutyMember {
  return { id: freshId('person', plan.members), name: '', phone: '' }
}

export function aGroup(plan: DutyPlan, name: string): DutyGroup {
  const id = freshId('group', plan.groups)
  return { id, name, rung: 'crew', areaIds: [], needed: 1, hours: 'season' }
}

/** A turn of 12 hours from `today` on, or every day by working hours. */
export function aShift(plan: DutyPlan, groupId: string, kind: ShiftKind, today: string): DutyShift {
  const base = { id: freshId('shift', plan.shifts), groupId, season: 'all' as const }
  return kind === 'rotation'
    ? { ...base, kind, firstDay: today, handoverAt: '08:00', turnHours: 12, teams: [[]] }
    : { ...base, kind, days: 'working', from: '08:30', to: '17:30', memberIds: [] }
}

/** Without somebody, wherever the roster names them. */
export function withoutMember(plan: DutyPlan, id: string): DutyPlan {
  const { contactId, ...rest } = plan
  const others = (ids: readonly string[]): string[] => ids.filter((one) => one !== id)
  return {
    ...rest,
    ...(contactId === undefined || contactId === id ? {} : { contactId }),
    members: plan.members.filter((one) => one.id !== id),
    shifts: plan.shifts.map((shift) =>
      shift.kind === 'fixed'
        ? { ...shift, memberIds: others(shift.memberIds) }
        : { ...shift, teams: shift.teams.map(others) },
    ),
  }
}

export function withoutGroup(plan: DutyPlan, id: string): DutyPlan {
  return {
    ...plan,
    groups: plan.groups.filter((group) => group.id !== id),
    shifts: plan.shifts.filter((shift) => shift.groupId !== id),
  }
}

/** Gives somebody another id, an account's for example, wherever the roster names them. */
export function renamedMember(plan: DutyPlan, from: string, to: string): DutyPlan {
  const renamed = (id: string): string => (id === from ? to : id)
  const { contactId } = plan
  return {
    ...plan,
    ...(contactId === undefined ? {} : { contactId: renamed(contactId) }),
    members: plan.members.map((member) => ({ ...member, id: renamed(member.id) })),
    shifts: plan.shifts.map((shift) =>
      shift.kind === 'fixed'
        ? { ...shift, memberIds: shift.memberIds.map(renamed) }
        : { ...shift, teams: shift.teams.map((team) => team.map(renamed)) },
    ),
  }
}

/** Teams without people are the form's own; a roster has none of them. */
export function planOf(draft: DutyPlan): DutyPlan {
  return {
    ...draft,
    shifts: draft.shifts.map((shift) => {
      if (shift.kind === 'fixed') return shift
      const teams = shift.teams.filter((team) => team.length > 0)
      return { ...shift, teams: teams.length > 0 ? teams : [[]] }
    }),
  }
}

/** What a file holds, as far as the page must know before the server judges it. */
export type ReadPlan =
  { readonly plan: DutyPlan } | { readonly wrong: 'not-json' | 'not-a-roster' | 'other-department' }

export function readPlan(text: string, departmentId: string): ReadPlan {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { wrong: 'not-json' }
  }
  if (!isRoster(value)) return { wrong: 'not-a-roster' }
  if (value.departmentId !== departmentId) return { wrong: 'other-department' }
  return { plan: draftOf(departmentId, value) }
}

function isRoster(value: unknown): value is DutyPlan {
  if (typeof value !== 'object' || value === null) return false
  const lists = ['members', 'groups', 'shifts'] as const
  const given = value as Partial<Record<string, unknown>>
  return (
    typeof given['departmentId'] === 'string' &&
    lists.every((name) => {
      const list = given[name]
      return Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null)
    }) &&
    (given['shifts'] as readonly Partial<DutyShift>[]).every(
      (shift) =>
        (shift.kind === 'fixed' && Array.isArray(shift.memberIds)) ||
        (shift.kind === 'rotation' && Array.isArray(shift.teams) && shift.teams.every(Array.isArray)),
    ) &&
    (given['groups'] as readonly Partial<DutyGroup>[]).every(({ areaIds }) => Array.isArray(areaIds))
  )
}
