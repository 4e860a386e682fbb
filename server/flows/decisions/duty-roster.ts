import type { DutyBook } from '../../domain/duty/book.ts'
import { departmentsOf } from '../../domain/duty/book.ts'
import { defaultDutySettings } from '../../domain/duty/season.ts'
import type { Services, Repositories } from './decisions.ts'

/** The rosters in memory: asked at every notification and every reading of the page. */
export interface DutyRoster {
  book(): DutyBook
  /** Reads again what is on disk; called after every commit that changes it. */
  refresh(): Promise<void>
  /** Every department that owes duty: those of the network, and those that have a roster. */
  departmentIds(): readonly string[]
}

export async function createDutyRoster(services: Services): Promise<DutyRoster> {
  let book = await readBook(services, services.store.read)
  return {
    book: () => book,
    async refresh() {
      book = await readBook(services, services.store.read)
    },
    departmentIds: () => [
      ...new Set([...services.network.current().departments.keys(), ...departmentsOf(book)]),
    ],
  }
}

/** The book as one transaction sees it. */
export async function readBook({ rules }: Services, { duty }: Repositories): Promise<DutyBook> {
  return {
    plans: await duty.roster.plans(),
    settings: await duty.roster.settings(),
    defaults: defaultDutySettings(rules.policy),
    exceptions: await duty.roster.exceptions(),
    calendar: rules.calendar,
    clauses: rules.policy.clauses,
  }
}
