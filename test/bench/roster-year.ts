import type { DutyPlan } from '#contract/duty.ts'
import type { Services } from '../../server/flows/decisions/decisions.ts'
import { DAY, type Instant } from '../../server/domain/instant.ts'

const UNITS = ['network-ops', 'area-1', 'area-2', 'dispatch']
const PEOPLE = 12

/** Rosters as a company keeps them: turns of twelve hours, day shifts, and a replacement every other day of a year. */
export async function rosterYear(store: Services['store'], now: Instant): Promise<void> {
  const by = { id: 'admin', name: '管理员' }
  await store.transact(async ({ duty: { roster } }) => {
    for (const departmentId of UNITS) {
      await roster.addPlan({
        ...planOf(departmentId),
        version: 1,
        since: now - 365 * DAY,
        enteredAt: now,
        by,
      })
      for (let day = -180; day < 180; day += 2) {
        const from = now + day * DAY
        await roster.addException({
          kind: 'override',
          id: `${departmentId}-${String(day)}`,
          departmentId,
          groupId: 'crew',
          from,
          to: from + DAY / 2,
          enteredAt: from,
          by,
          add: `p${String(Math.abs(day) % PEOPLE)}`,
        })
      }
    }
    return true
  })
}

function planOf(departmentId: string): DutyPlan {
  const ids = Array.from({ length: PEOPLE }, (_, n) => `p${String(n)}`)
  const isDispatch = departmentId === 'dispatch'
  return {
    departmentId,
    contactId: 'p0',
    members: ids.map((id, n) => ({
      id,
      name: `人员${String(n)}`,
      phone: `1990000${String(n).padStart(4, '0')}`,
    })),
    groups: [
      {
        id: 'crew',
        name: '抢修组',
        rung: isDispatch ? 'duty_lead' : 'crew',
        areaIds: [],
        needed: 2,
        hours: 'always',
      },
      { id: 'deputy', name: '副部长', rung: 'deputy', areaIds: [], needed: 1, hours: 'season' },
    ],
    shifts: [
      {
        kind: 'rotation',
        id: 'turns',
        groupId: 'crew',
        season: 'all',
        firstDay: '2020-01-01',
        handoverAt: '08:00',
        turnHours: 12,
        teams: [
          ['p0', 'p1'],
          ['p2', 'p3'],
          ['p4', 'p5'],
        ],
      },
      {
        kind: 'fixed',
        id: 'days',
        groupId: 'deputy',
        season: 'all',
        days: 'working',
        from: '08:30',
        to: '17:30',
        memberIds: ['p6'],
      },
    ],
  }
}
