import Type from 'typebox'
import {
  DutySettings,
  OverrideRequest,
  PhoneTestRequest,
  RosterRequest,
  type OverrideRequest as OverrideBody,
} from '#contract/duty.ts'
import { isRefusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { DUTY_RUNGS } from '#contract/vocabulary.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import { phoneTestView } from '../../domain/duty/duty-view.ts'
import { DAY, instantText, type Instant } from '../../domain/instant.ts'
import {
  addException,
  cancelException,
  replacePlan,
  setDutySettings,
  type ExceptionAsked,
  type RosterServices,
} from '../../flows/duty/change-roster.ts'
import { phonesFor, planView, showGaps, showOnDuty, showRoster } from '../../flows/duty/show-roster.ts'
import { phoneTests, testPhone } from '../../flows/duty/test-phones.ts'
import { wrongBody } from '../core/body.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { answerLarge } from '../core/large-answer.ts'
import { onceOf } from '../core/once.ts'
import { refuseStranger, stretchOf, StretchQuery } from './duty-requests.ts'
import { bodyInstants, instantOf, queryInstant } from '../core/times.ts'

const CLAUSE = 'roster'
const Text = Type.Optional(Type.String({ maxLength: 64 }))
const At = Type.Object({ at: Text })
const OnDutyQuery = Type.Object({
  at: Text,
  department: Text,
  area: Text,
  rung: Type.Optional(Type.Enum(DUTY_RUNGS)),
})
const SettingsRequest = Type.Object({ version: Type.Integer({ minimum: 0 }), settings: DutySettings })

/** Rosters: who is on duty, where nobody will be, exceptions and phone tests. */
export function dutyRoutes(on: RosterServices): (http: Http) => void {
  const now = (): Instant => on.services.clock.now()
  return (http) => {
    http.get(ROUTES.roster, { schema: { querystring: At } }, async (request, reply) => {
      const actor = actorOf(request)
      const at = queryInstant(request.query.at, 'at')
      return answer(reply, isRefusal(at) ? at : await showRoster(on, actor, at ?? now()))
    })

    const put = { schema: { body: RosterRequest }, attachValidation: true }
    http.put(ROUTES.roster, put, async (request, reply) => {
      const actor = actorOf(request)
      const wrong = refuseStranger(actor) ?? wrongBody(request, 'duty_hours')
      if (wrong !== undefined) return answer(reply, wrong)
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const { version, since: text, ...plan } = request.body
      const times = bodyInstants({ since: text }, 'since')
      const done = await replacePlan(on, { plan, version, actor, ...times }, once)
      return answer(reply, isRefusal(done) ? done : planView(done, phonesFor(actor)))
    })

    const settings = { schema: { body: SettingsRequest }, attachValidation: true }
    http.put(ROUTES.rosterSettings, settings, async (request, reply) => {
      const actor = actorOf(request)
      const wrong = refuseUnless(actor, 'set_duty_hours') ?? wrongBody(request, 'duty_hours')
      if (wrong !== undefined) return answer(reply, wrong)
      const done = await setDutySettings(on, { ...request.body, actor })
      return answer(reply, isRefusal(done) ? done : { ...done, since: instantText(done.since) })
    })

    http.get(ROUTES.onDuty, { schema: { querystring: OnDutyQuery } }, async (request, reply) => {
      const viewer = actorOf(request)
      const { at: text, department, area, rung } = request.query
      const at = queryInstant(text, 'at')
      if (isRefusal(at)) return answer(reply, at)
      const question = {
        ...(department === undefined ? {} : { departmentId: department }),
        ...(area === undefined ? {} : { areaId: area }),
        ...(rung === undefined ? {} : { rung }),
      }
      const items = await showOnDuty(on, { ...question, at: at ?? now(), viewer })
      return { at: instantText(at ?? now()), items }
    })

    http.get(ROUTES.rosterGaps, { schema: { querystring: StretchQuery } }, async (request, reply) => {
      actorOf(request)
      const stretch = stretchOf(request.query, { from: now(), to: now() + 14 * DAY, maxDays: 400 })
      if (isRefusal(stretch)) return answer(reply, stretch)
      return answerLarge(reply, await showGaps(on, stretch, departmentsOf(request.query.department)))
    })

    const override = { schema: { body: OverrideRequest }, attachValidation: true }
    http.post(ROUTES.rosterOverrides, override, async (request, reply) => {
      const actor = actorOf(request)
      const wrong = refuseStranger(actor) ?? wrongBody(request, CLAUSE)
      if (wrong !== undefined) return answer(reply, wrong)
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const done = await addException(on, { asked: exceptionOf(request.body), actor }, once)
      if (isRefusal(done)) return answer(reply, done)
      return answer(reply, { ids: done.items.map(({ id }) => id) }, 201)
    })

    const one = { schema: { params: Type.Object({ id: Type.String({ maxLength: 100 }) }) } }
    http.delete(`${ROUTES.rosterOverrides}/:id`, one, async (request, reply) => {
      const actor = actorOf(request)
      const done = await cancelException(on, { id: request.params.id, actor })
      return isRefusal(done) ? answer(reply, done) : reply.code(204).send()
    })

    http.get(ROUTES.phoneTests, { schema: { querystring: StretchQuery } }, async (request, reply) => {
      const actor = actorOf(request)
      const stretch = stretchOf(request.query, { from: now() - DAY, to: now() + DAY, maxDays: 62 })
      if (isRefusal(stretch)) return answer(reply, stretch)
      const owed = await phoneTests(on, stretch, departmentsOf(request.query.department))
      return answerLarge(reply, { items: owed.values().map((each) => phoneTestView(each, phonesFor(actor))) })
    })

    const test = { schema: { body: PhoneTestRequest }, attachValidation: true }
    http.post(ROUTES.phoneTests, test, async (request, reply) => {
      const actor = actorOf(request)
      const wrong = refuseStranger(actor, 'test_phone') ?? wrongBody(request, CLAUSE)
      if (wrong !== undefined) return answer(reply, wrong)
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const { turnFrom: from, testedAt: tested, ...said } = request.body
      const times = bodyInstants({ testedAt: tested }, 'testedAt')
      const asked = { ...said, turnFrom: instantOf(from), ...times }
      const done = await testPhone(on, { asked, actor }, once)
      return answer(reply, isRefusal(done) ? done : phoneTestView(done, phonesFor(actor)), 201)
    })
  }

  function departmentsOf(department: string | undefined): readonly string[] {
    return department === undefined ? on.roster.departmentIds() : [department]
  }
}

function exceptionOf(body: OverrideBody): ExceptionAsked {
  switch (body.kind) {
    case 'swap':
      return { ...body, first: timed(body.first), second: timed(body.second) }
    case 'override':
      return timed(body)
    case 'temporary':
      return { ...timed(body), parts: body.parts.map(timed) }
  }
}

function timed<Part extends { readonly from: string; readonly to: string }>(part: Part) {
  return { ...part, from: instantOf(part.from), to: instantOf(part.to) }
}
