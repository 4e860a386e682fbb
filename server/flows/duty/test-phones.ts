import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import type { Stretch } from '../../domain/duty/gaps.ts'
import { owedTest, type OwedTest, type PhoneTest } from '../../domain/duty/phone-test.ts'
import { stintsBeginning, stintsOf } from '../../domain/duty/stints.ts'
import { HOUR, type Instant } from '../../domain/instant.ts'
import { planDuty, type DutyNews } from '../../domain/notification/plan-duty.ts'
import type { ClauseKey } from '../../domain/policy/clauses.ts'
import { inSlices } from '../slices.ts'
import { authorOf, type RosterServices } from './change-roster.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { Services, OnceKey } from '../decisions/decisions.ts'
import { raiseSystemAlarm } from '../self-monitoring/system-alarm.ts'

const CLAUSE = { clause: 'roster' satisfies ClauseKey }
/** A phone may be tried a little before its turn begins. */
const EARLIEST = HOUR

export interface PhoneTestAsked {
  readonly departmentId: string
  readonly groupId: string
  readonly memberId: string
  readonly turnFrom: Instant
  readonly answered: boolean
  readonly testedAt?: Instant
  readonly note?: string
}

/** The tests owed by turns that begin in a stretch, with their results so far. */
export async function phoneTests(
  { services, roster }: RosterServices,
  stretch: Stretch,
  departmentIds = roster.departmentIds(),
): Promise<readonly OwedTest[]> {
  const tests = await services.store.read.duty.phoneTests.ofTurns(stretch)
  const known = { book: roster.book(), tests, at: services.clock.now() }
  const begun = await inSlices(departmentIds.values().flatMap((id) => stintsOf(known.book, id, stretch)))
  const inOrder = begun.toSorted((a, b) => a.from - b.from)
  return inSlices(inOrder.values().map((stint) => owedTest(known, stint)))
}

/** Writes down that a duty phone was called at the start of a turn, answered or not. */
export async function testPhone(
  { services, roster }: RosterServices,
  { asked, actor }: { readonly asked: PhoneTestAsked; readonly actor: Person },
  once?: OnceKey,
): Promise<OwedTest | Refusal> {
  const noRight = refuseUnless(actor, 'test_phone', { departmentId: asked.departmentId, crewIds: [] })
  if (noRight !== undefined) return noRight
  const at = services.clock.now()
  const { testedAt = at, turnFrom } = asked
  if (testedAt > at)
    return refuse('bad-time', { zh: '测试时间在将来', en: 'the test lies in the future' }, CLAUSE)
  if (testedAt < turnFrom - EARLIEST)
    return refuse(
      'bad-time',
      { zh: '测试早于当班一小时以上', en: 'the test was more than an hour before the turn' },
      CLAUSE,
    )
  const stint = stintsBeginning(roster.book(), [asked.departmentId], {
    from: turnFrom,
    to: turnFrom + 1,
  }).find(({ who }) => who.groupId === asked.groupId && who.member.id === asked.memberId)
  if (stint === undefined)
    return refuse(
      'not-found',
      { zh: '此时没有此人的班次开始', en: 'no turn of this person begins then' },
      CLAUSE,
    )
  const done = await decideTogether(
    services,
    async ({ repositories }) => {
      const test: PhoneTest = { ...asked, testedAt, id: services.newId(), enteredAt: at, by: authorOf(actor) }
      await repositories.duty.phoneTests.add(test)
      const tests = await repositories.duty.phoneTests.ofTurns({ from: turnFrom, to: turnFrom + 1 })
      const owed = owedTest({ book: roster.book(), tests, at }, stint)
      if (owed.state === 'unanswered')
        await repositories.outbox.add(planDuty(inVain(services, owed, test)), at)
      return owed
    },
    once,
  )
  if (!isRefusal(done) && done.state === 'unanswered') {
    const { text } = unanswered(services, done)
    raiseSystemAlarm({ live: services.live, newId: services.newId }, { at, text, isTrouble: true })
  }
  return done
}

function inVain(services: Services, owed: OwedTest, { id, departmentId, enteredAt }: PhoneTest): DutyNews {
  const said = { key: `phone ${id}`, at: enteredAt, urgency: 'alarm' as const, departmentId }
  return { ...said, ...unanswered(services, owed) }
}

/** A duty phone that rings in vain is heard of at once, not when somebody is needed. */
function unanswered({ rules }: Services, { who }: OwedTest): Pick<DutyNews, 'text' | 'clause'> {
  const { name } = who.member
  const clause = rules.policy.clauses.roster
  const text = {
    zh: `值班电话无人接听(${clause}):${who.groupName} ${name}`,
    en: `a duty phone was not answered (${clause}): ${who.groupName}, ${name}`,
  }
  return { text, clause }
}
