import type { LocalizedText } from '#contract/text.ts'
import { DAY, instantText, type Instant } from '../instant.ts'
import { departmentsOf, type DutyBook } from './book.ts'
import { gaps, type Gap } from './gaps.ts'
import { owedTests, type OwedTest, type PhoneTest } from './phone-test.ts'

/** Something of duty that people must hear of, once. */
export interface DutyAlarm {
  /** Names it among all, so that it is raised once. */
  readonly key: string
  readonly dueAt: Instant
  readonly text: LocalizedText
  /** To be heard, not only read: nobody is there now. */
  readonly isTrouble: boolean
  /** Whose roster it is; undefined where it concerns several. */
  readonly departmentId?: string
}

/** A gap is told a day ahead, while somebody can still be found, and again when it begins. */
const AHEAD = DAY
const LOOK_BACK = DAY
const LOOK_AHEAD = 2 * DAY

export interface DutyKnown {
  readonly book: DutyBook
  readonly tests: readonly PhoneTest[]
  readonly nameOf: (departmentId: string) => string
}

/** The stretch around `at` that alarms are looked for in; later ones are found when they come nearer. */
export function alarmStretch(at: Instant) {
  return { from: at - LOOK_BACK, to: at + LOOK_AHEAD }
}

/**
 * What is or will be to be heard around `at`: gaps of departments that keep a roster, and duty phones that
 * nobody has tried in time. A gap that is over is history, not an alarm.
 */
export function dutyAlarms(known: DutyKnown, at: Instant): readonly DutyAlarm[] {
  const { book, tests } = known
  const departmentIds = departmentsOf(book)
  const stretch = alarmStretch(at)
  const found = gaps(book, departmentIds, stretch).gaps.filter(
    ({ from, to }) => from > stretch.from && to > at,
  )
  const owed = owedTests({ book, tests, at }, departmentIds, stretch)
  const untried = owed.filter(({ state }) => state === 'missed' || state === 'waiting')
  return [
    ...found.flatMap((gap) => gapAlarms(gap, known)),
    ...[...Map.groupBy(untried, ({ dueAt }) => dueAt)].map(([dueAt, each]) => testAlarm(dueAt, each, known)),
  ]
}

function gapAlarms(gap: Gap, { nameOf, book }: DutyKnown): readonly DutyAlarm[] {
  const { departmentId, group, from, to, needed, present } = gap
  const key = `gap ${departmentId} ${group.id} ${String(from)}`
  const [begin, end] = [shortTime(from), shortTime(to)]
  const zh = `${nameOf(departmentId)}${group.name} ${begin} 至 ${end} 值班 ${String(present)} 人,应 ${String(needed)} 人`
  const en = `${nameOf(departmentId)}, ${group.name}: ${String(present)} of ${String(needed)} on duty, ${begin} to ${end}`
  const clause = book.clauses.roster
  const text = { zh: `值班缺口(${clause}):${zh}`, en: `roster gap: ${en}` }
  return [
    { key: `${key} ahead`, dueAt: from - AHEAD, text, isTrouble: false, departmentId },
    { key: `${key} now`, dueAt: from, text, isTrouble: true, departmentId },
  ]
}

/** Shifts change everywhere at the same time: one line tells of all the phones that nobody has tried. */
function testAlarm(dueAt: Instant, untried: readonly OwedTest[], { nameOf, book }: DutyKnown): DutyAlarm {
  const departments = Map.groupBy(untried, ({ who }) => who.departmentId)
  const list = [...departments].map(([id, each]) => `${nameOf(id)} ${String(each.length)}`)
  const count = String(untried.length)
  const clause = book.clauses.roster
  return {
    key: `tests ${String(dueAt)}`,
    // At the instant itself it is still in time.
    dueAt: dueAt + 1,
    text: {
      zh: `${count} 部值班电话未按时试通(${clause}):${list.join('、')}`,
      en: `${count} duty ${untried.length === 1 ? 'phone' : 'phones'} not tried in time: ${list.join(', ')}`,
    },
    isTrouble: false,
  }
}

/** `01-16 08:00` in Shanghai. */
function shortTime(at: Instant): string {
  return instantText(at).slice(5, 16).replace('T', ' ')
}
