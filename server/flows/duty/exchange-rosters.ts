import { isDeepStrictEqual } from 'node:util'
import type { DutyPlan } from '#contract/duty.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { RosterFile, RosterImportAnswer } from '#contract/roster-file.ts'
import type { Person } from '../../domain/access/actor.ts'
import { can, refuseUnless } from '../../domain/access/can.ts'
import { latest, latestPlan, type DutyBook, type PlanVersion } from '../../domain/duty/book.ts'
import { refusePlan, refuseSettings } from '../../domain/duty/check-plan.ts'
import { settingsAt } from '../../domain/duty/season.ts'
import { instantText } from '../../domain/instant.ts'
import { authorOf, changing, type RosterServices } from './change-roster.ts'
import type { OnceKey } from '../decisions/decisions.ts'
import { readBook } from '../decisions/duty-roster.ts'

/** The newest rosters that this person may edit, numbers whole, with the hours of duty. */
export function exportRosters({ services, roster }: RosterServices, viewer: Person): RosterFile | Refusal {
  const book = roster.book()
  const at = services.clock.now()
  const own = roster.departmentIds().filter((departmentId) => mayEdit(viewer, departmentId))
  if (own.length === 0)
    return refuse('not-your-right', {
      zh: `${viewer.name}没有权限导出值班表`,
      en: `${viewer.name} may not export rosters`,
    })
  const plans = own.flatMap((id) => latestPlan(book, id) ?? [])
  return {
    format: 'wellwatch-rosters-1',
    exportedAt: instantText(at),
    settings: settingsAt(book, at),
    plans: plans.map((plan) => ({ ...bare(plan), version: plan.version })),
  }
}

/**
 * Takes a whole file or nothing: every mistake of every department is listed at once. What equals the
 * roster in force is left alone, so that sending a file twice changes nothing the second time.
 */
export async function importRosters(
  on: RosterServices,
  asked: { readonly file: RosterFile; readonly dryRun: boolean; readonly actor: Person },
  once?: OnceKey,
): Promise<RosterImportAnswer | Refusal> {
  const { file, dryRun, actor } = asked
  const wrong = mistakesOf(on, file, actor)
  if (isRefusal(wrong)) return wrong
  return changing(
    on,
    async ({ services, repositories }) => {
      const book = await readBook(services, repositories)
      const stale = file.plans.find((plan) => isStale(book, plan))
      if (stale !== undefined) {
        return refuse('stale-version', {
          zh: `${stale.departmentId} 的值班表导出后已被他人更新,请重新导出`,
          en: `the roster of ${stale.departmentId} has changed since it was exported; export it again`,
        })
      }
      const answer = compare(book, file, { dryRun, at: services.clock.now() })
      if (dryRun) return answer
      const at = services.clock.now()
      const stamp = { since: at, enteredAt: at, by: authorOf(actor) }
      for (const plan of file.plans.map(planOf)) {
        if (answer.same.includes(plan.departmentId)) continue
        const version = (latestPlan(book, plan.departmentId)?.version ?? 0) + 1
        await repositories.duty.roster.addPlan({ ...plan, version, ...stamp })
      }
      if (answer.settings === 'changed' && file.settings !== undefined) {
        const version = (latest(book.settings, Infinity)?.version ?? 0) + 1
        await repositories.duty.roster.addSettings({
          version,
          since: at,
          settings: file.settings,
          by: stamp.by,
        })
      }
      return answer
    },
    once,
  )
}

function mayEdit(person: Person, departmentId: string): boolean {
  return can(person, 'edit_roster', { departmentId, crewIds: [] })
}

/** Rights first; then every mistake, named by department. */
function mistakesOf(
  { services, roster }: RosterServices,
  file: RosterFile,
  actor: Person,
): Refusal | undefined {
  const foreign = file.plans.find(({ departmentId }) => !mayEdit(actor, departmentId))
  if (foreign !== undefined) {
    return refuse('not-your-right', {
      zh: `${actor.name}没有权限更改 ${foreign.departmentId} 的值班表`,
      en: `${actor.name} may not change the roster of ${foreign.departmentId}`,
    })
  }
  const inForce = settingsAt(roster.book(), services.clock.now())
  const setsHours = file.settings !== undefined && !isDeepStrictEqual(file.settings, inForce)
  const noRight = setsHours ? refuseUnless(actor, 'set_duty_hours') : undefined
  if (noRight !== undefined) return noRight
  const { departments } = services.network.current()
  const seen = new Set<string>()
  const found = file.plans.flatMap((plan) => {
    const { departmentId } = plan
    const isTwice = seen.has(departmentId)
    seen.add(departmentId)
    const wrong = isTwice
      ? refuse('bad-value', { zh: '部门出现两次', en: 'a department appears twice' })
      : departments.has(departmentId)
        ? refusePlan(plan)
        : refuse('not-found', {
            zh: `没有部门 ${departmentId}`,
            en: `there is no department ${departmentId}`,
          })
    return wrong === undefined ? [] : [{ departmentId, wrong }]
  })
  const hours = file.settings === undefined ? undefined : refuseSettings(file.settings)
  if (hours !== undefined) found.push({ departmentId: 'settings', wrong: hours })
  const [first] = found
  if (first === undefined) return undefined
  const { clause } = first.wrong
  return refuse(
    'bad-value',
    {
      zh: `值班表文件有 ${String(found.length)} 处错误,未作任何更改`,
      en: `the roster file has ${String(found.length)} mistakes; nothing has been changed`,
    },
    {
      ...(clause === undefined ? {} : { clause }),
      errors: found.map(({ departmentId, wrong }) => ({
        featureId: departmentId,
        path: (wrong.missing ?? []).join(', '),
        message: wrong.detail,
      })),
    },
  )
}

function isStale(book: DutyBook, { departmentId, version }: RosterFile['plans'][number]): boolean {
  return version !== undefined && version !== (latestPlan(book, departmentId)?.version ?? 0)
}

function compare(
  book: DutyBook,
  { plans, settings }: RosterFile,
  { dryRun, at }: { readonly dryRun: boolean; readonly at: number },
): RosterImportAnswer {
  const [added, changed, same]: string[][] = [[], [], []]
  for (const plan of plans.map(planOf)) {
    const known = latestPlan(book, plan.departmentId)
    const list = known === undefined ? added : isDeepStrictEqual(bare(known), plan) ? same : changed
    list?.push(plan.departmentId)
  }
  const isSame = isDeepStrictEqual(settings, settingsAt(book, at))
  return {
    dryRun,
    added: added ?? [],
    changed: changed ?? [],
    same: same ?? [],
    settings: settings === undefined ? 'absent' : isSame ? 'same' : 'changed',
  }
}

/** What the file says of a department, without the version that it was exported with. */
function planOf({ version: _version, ...plan }: RosterFile['plans'][number]): DutyPlan {
  return plan
}

/** A roster without who entered it when. */
function bare({ version: _v, since: _s, enteredAt: _e, by: _b, ...plan }: PlanVersion): DutyPlan {
  return plan
}
