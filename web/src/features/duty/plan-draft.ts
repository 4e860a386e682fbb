import type { DutyGroup, DutyMember, DutyPlan, DutyShift } from '#contract/duty.ts'
import type { RosterFile } from '#contract/roster-file.ts'

export type ShiftKind = DutyShift['kind']

/** A copy to edit; what the server adds to a roster (version, author) stays behind. */
export function draftOf(departmentId: string, plan: DutyPlan | undefined): DutyPlan {
  const { members = [], groups = [], shifts = [], contactId, connected, responsibleId } = plan ?? {}
  return structuredClone({
    departmentId,
    ...(contactId === undefined ? {} : { contactId }),
    ...(connected === undefined ? {} : { connected }),
    ...(responsibleId === undefined ? {} : { responsibleId }),
    members,
    groups,
    shifts,
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
  const { contactId, responsibleId, ...rest } = plan
  const others = (ids: readonly string[]): string[] => ids.filter((one) => one !== id)
  return {
    ...rest,
    ...(contactId === undefined || contactId === id ? {} : { contactId }),
    ...(responsibleId === undefined || responsibleId === id ? {} : { responsibleId }),
    members: plan.members.filter((one) => one.id !== id),
    shifts: shiftsWith(plan, others),
  }
}

function shiftsWith(plan: DutyPlan, people: (ids: readonly string[]) => string[]): DutyShift[] {
  return plan.shifts.map((shift) =>
    shift.kind === 'fixed'
      ? { ...shift, memberIds: people(shift.memberIds) }
      : { ...shift, teams: shift.teams.map(people) },
  )
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
  const { contactId, responsibleId } = plan
  return {
    ...plan,
    ...(contactId === undefined ? {} : { contactId: renamed(contactId) }),
    ...(responsibleId === undefined ? {} : { responsibleId: renamed(responsibleId) }),
    members: plan.members.map((member) => ({ ...member, id: renamed(member.id) })),
    shifts: shiftsWith(plan, (ids) => ids.map(renamed)),
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

/** The rosters of a file, as far as the page must know before the server judges them. */
export function readRosters(text: string): RosterFile | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isFile =
      typeof value === 'object' && value !== null && 'plans' in value && Array.isArray(value.plans)
    return isFile ? (value as RosterFile) : undefined
  } catch {
    return undefined // No JSON: the page says so.
  }
}
