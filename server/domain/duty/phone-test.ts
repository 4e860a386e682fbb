import type { PhoneTestState } from '#contract/duty.ts'
import { MINUTE, type Instant } from '../instant.ts'
import type { Author, DutyBook, OnDuty } from './book.ts'
import type { Stretch } from './gaps.ts'
import { settingsAt } from './season.ts'
import { stintsBeginning, type Stint } from './stints.ts'

/** A duty phone was called at the start of a turn (R-64 “24 h 开机”); kept for ever, never changed. */
export interface PhoneTest {
  readonly id: string
  readonly departmentId: string
  readonly groupId: string
  readonly memberId: string
  /** The turn that it belongs to. */
  readonly turnFrom: Instant
  readonly testedAt: Instant
  readonly enteredAt: Instant
  readonly answered: boolean
  readonly note?: string
  readonly by: Author
}

export interface OwedTest {
  readonly who: OnDuty
  readonly turnFrom: Instant
  readonly dueAt: Instant
  readonly state: PhoneTestState
  readonly test?: PhoneTest
}

/** The tests owed by turns that begin in `[from, to)`, as they stand at `at`, earliest first. */
export function owedTests(
  on: { readonly book: DutyBook; readonly tests: readonly PhoneTest[]; readonly at: Instant },
  departmentIds: readonly string[],
  stretch: Stretch,
): readonly OwedTest[] {
  return stintsBeginning(on.book, departmentIds, stretch).map((stint) => owedTest(on, stint))
}

/** In time, or late, or called in vain; without a test it waits until due and is missed from then on. */
export function owedTest(
  {
    book,
    tests,
    at,
  }: { readonly book: DutyBook; readonly tests: readonly PhoneTest[]; readonly at: Instant },
  { from: turnFrom, who }: Stint,
): OwedTest {
  const dueAt = turnFrom + settingsAt(book, turnFrom).phoneTestMinutes * MINUTE
  const made = tests
    .filter(
      (test) =>
        test.departmentId === who.departmentId &&
        test.groupId === who.groupId &&
        test.memberId === who.member.id &&
        test.turnFrom === turnFrom,
    )
    .toSorted((a, b) => a.testedAt - b.testedAt)
  const test = made.find(({ answered }) => answered) ?? made.at(-1)
  if (test === undefined) return { who, turnFrom, dueAt, state: at > dueAt ? 'missed' : 'waiting' }
  const state = !test.answered ? 'unanswered' : test.testedAt > dueAt ? 'late' : 'answered'
  return { who, turnFrom, dueAt, state, test }
}
