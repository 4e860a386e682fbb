import type { DutyPlan, DutySettings } from '#contract/duty.ts'
import { refuseName, refuseReserved } from '#contract/names.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import { DEPARTMENTS } from '#contract/vocabulary.ts'
import { DAY, isCalendarDay } from '../instant.ts'
import type { ClauseKey } from '../policy/clauses.ts'
import { isCompanyWide } from './book.ts'
import { startOfDate } from './season.ts'

/** The first mistake of a roster, in words, with the clause that asks for it; undefined when it is sound. */
export function refusePlan(plan: DutyPlan): Refusal | undefined {
  const { members, groups, shifts, contactId, departmentId } = plan
  for (const [what, list] of [
    [{ zh: '人员', en: 'person' }, members],
    [{ zh: '值班组', en: 'group' }, groups],
    [{ zh: '班次', en: 'shift' }, shifts],
  ] as const) {
    const twice = list.find(({ id }, index) => list.findIndex((each) => each.id === id) !== index)
    if (twice !== undefined)
      return refuse('bad-value', {
        zh: `${what.zh} ${twice.id} 出现两次`,
        en: `${what.en} ${twice.id} appears twice`,
      })
  }
  const unnamed =
    firstRefusal(members, ({ id }) => refuseReserved(id)) ??
    firstRefusal([...members, ...groups], ({ id, name }) => refuseName(id, name))
  if (unnamed !== undefined) return unnamed
  const memberIds = new Set(members.map(({ id }) => id))
  if (groups.some(({ hours }) => hours === 'season') && contactId === undefined) {
    return refuse(
      'missing-field',
      { zh: '须指定非运行期夜间的联系人', en: 'name whom to call at night outside the season' },
      { clause: 'duty_hours' satisfies ClauseKey, missing: ['contactId'] },
    )
  }
  if (contactId !== undefined && !memberIds.has(contactId)) {
    return refuse('bad-value', {
      zh: `联系人 ${contactId} 不在人员之中`,
      en: `the contact ${contactId} is not among the people`,
    })
  }
  const { connected = true, responsibleId } = plan
  if (!connected && responsibleId === undefined) {
    return refuse(
      'missing-field',
      {
        zh: '没有接入系统的单位须责任到人',
        en: 'a unit without the system needs a person who answers for it',
      },
      { clause: 'written_reply' satisfies ClauseKey, missing: ['responsibleId'] },
    )
  }
  if (responsibleId !== undefined && !memberIds.has(responsibleId)) {
    return refuse('bad-value', {
      zh: `责任人 ${responsibleId} 不在人员之中`,
      en: `${responsibleId}, who is to answer, is not among the people`,
    })
  }
  const misplaced = groups.find(({ rung }) => isCompanyWide(rung) && departmentId !== DEPARTMENTS.dispatch)
  if (misplaced !== undefined) {
    return refuse('bad-value', {
      zh: `${misplaced.name}: 值班长和值班领导排在调度中心的值班表`,
      en: `${misplaced.name}: duty leads stand in the roster of dispatch`,
    })
  }
  for (const shift of shifts) {
    if (groups.every(({ id }) => id !== shift.groupId)) {
      return refuse('bad-value', {
        zh: `班次 ${shift.id} 的值班组 ${shift.groupId} 不存在`,
        en: `shift ${shift.id}: there is no group ${shift.groupId}`,
      })
    }
    const named = shift.kind === 'fixed' ? shift.memberIds : shift.teams.flat()
    const unknown = named.find((id) => !memberIds.has(id))
    if (unknown !== undefined)
      return refuse('bad-value', {
        zh: `班次 ${shift.id} 的人员 ${unknown} 不存在`,
        en: `shift ${shift.id}: there is no person ${unknown}`,
      })
    const wrongDay = [shift.firstDay, shift.lastDay].find((day) => day !== undefined && !isCalendarDay(day))
    if (wrongDay !== undefined) return refuseDay(shift.id, wrongDay)
    if (shift.firstDay !== undefined && shift.lastDay !== undefined && shift.lastDay < shift.firstDay) {
      return refuse('bad-value', {
        zh: `班次 ${shift.id} 的末日早于首日`,
        en: `shift ${shift.id} ends before it begins`,
      })
    }
  }
  return undefined
}

/** The first mistake of the settings; a season is shorter than a year and belongs to the year it begins in. */
export function refuseSettings(settings: DutySettings): Refusal | undefined {
  if (settings.workingHours.to <= settings.workingHours.from) {
    return refuse(
      'bad-value',
      { zh: '下班须晚于上班', en: 'work must end after it begins' },
      { clause: 'duty_hours' satisfies ClauseKey },
    )
  }
  // A day that is missing in three years of four would be no beginning.
  const { from: begins, to: ends } = settings.seasonDefault
  const never = [begins, ends].find((day) => !isCalendarDay(`2001-${day}`))
  if (never !== undefined) return refuseDay('seasonDefault', never)
  for (const [city, years] of Object.entries(settings.seasons)) {
    for (const [year, { from, to }] of Object.entries(years)) {
      const where = `${city} ${year}`
      const unreal = [from, to].find((day) => !isCalendarDay(day))
      if (unreal !== undefined) return refuseDay(where, unreal)
      if (!from.startsWith(year))
        return refuse('bad-value', {
          zh: `${where}: 采暖期须在当年开始`,
          en: `${where}: a heating season begins in its year`,
        })
      const days = (startOfDate(to) - startOfDate(from)) / DAY
      if (days < 0 || days > 330)
        return refuse('bad-value', {
          zh: `${where}: 采暖期长度不合理`,
          en: `${where}: a heating season cannot be that long`,
        })
    }
  }
  return undefined
}

function firstRefusal<T>(list: readonly T[], judge: (one: T) => Refusal | undefined): Refusal | undefined {
  return list.map(judge).find((refusal) => refusal !== undefined)
}

function refuseDay(where: string, day: string): Refusal {
  return refuse('bad-value', {
    zh: `${where}: 没有这一天: ${day}`,
    en: `${where}: there is no such day: ${day}`,
  })
}
