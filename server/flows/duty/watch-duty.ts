import { alarmStretch, dutyAlarms, type DutyAlarm } from '../../domain/duty/alarms.ts'
import { isRefusal } from '#contract/problem.ts'
import type { DutyBook } from '../../domain/duty/book.ts'
import { DAY, type Instant } from '../../domain/instant.ts'
import { planDuty } from '../../domain/notification/plan-duty.ts'
import type { RosterServices } from './change-roster.ts'
import type { Timed } from '../ports.ts'
import { raiseSystemAlarm } from '../self-monitoring/system-alarm.ts'

/** Raises what duty has to tell: gaps a day ahead and when they begin, phones that nobody has tried. */
export function createDutyWatch({ services, roster }: RosterServices): Timed {
  let reckoned: { readonly book: DutyBook; readonly dueAt: Instant } | undefined
  const { alarms, phoneTests } = services.store.read.duty

  async function unraised(at: Instant): Promise<readonly DutyAlarm[]> {
    const names = services.network.current().departments
    const known = {
      book: roster.book(),
      tests: await phoneTests.ofTurns(alarmStretch(at)),
      nameOf: (id: string) => names.get(id)?.name ?? id,
    }
    const found = dutyAlarms(known, at)
    const raised = await alarms.raised(found.map(({ key }) => key))
    return found.filter(({ key }) => !raised.has(key))
  }

  /** The outbox takes it in the transaction that remembers it: what a screen has shown, people are told too. */
  async function raise({ key, text, isTrouble, departmentId }: DutyAlarm, at: Instant): Promise<void> {
    const news = {
      key,
      at,
      text,
      clause: roster.book().clauses.roster,
      urgency: isTrouble ? ('alarm' as const) : ('soon' as const),
      ...(departmentId === undefined ? {} : { departmentId }),
    }
    const done = await services.store.transact(async ({ duty, outbox }) => {
      await duty.alarms.add(key, at)
      await outbox.add(planDuty(news), at)
      return true
    })
    if (isRefusal(done)) throw new Error(done.detail)
    raiseSystemAlarm({ live: services.live, newId: services.newId }, { at, text, isTrouble })
  }

  /** With nothing ahead it looks again in a day: a later gap has come nearer by then. */
  async function reckon(at: Instant): Promise<Instant> {
    const dues = (await unraised(at)).map(({ dueAt }) => dueAt)
    return Math.min(at + DAY, ...dues)
  }

  return {
    name: 'duty',
    async nextDue() {
      const book = roster.book()
      if (book.plans.length === 0) return undefined
      if (reckoned?.book !== book) reckoned = { book, dueAt: await reckon(services.clock.now()) }
      return reckoned.dueAt
    },
    async run(at) {
      const due = (await unraised(at)).filter(({ dueAt }) => dueAt <= at)
      for (const alarm of due) await raise(alarm, at)
      reckoned = { book: roster.book(), dueAt: await reckon(at) }
    },
  }
}
