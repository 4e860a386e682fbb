import type { Exception, PlanVersion, SettingsVersion } from '../../domain/duty/book.ts'
import type { Tick } from '../../domain/duty/contingency.ts'
import type { PhoneTest } from '../../domain/duty/phone-test.ts'
import type { DutyStore } from '../../flows/decisions/duty-store.ts'
import { insertedUnlessTaken } from './unique-violation.ts'
import { among, type Database, fromJson } from './database.ts'
import { createHandoverStore } from './duty-handover-store.ts'

/** Rosters, phone tests, handovers and checklists in SQL; each row keeps the domain object as JSON. */
export function createDutyStore(db: Database): DutyStore {
  return {
    roster: createRosterStore(db),
    phoneTests: {
      async ofTurns({ from, to }) {
        const rows = await db
          .selectFrom('duty_phone_test')
          .select('json')
          .where('turn_from', '>=', from)
          .where('turn_from', '<', to)
          .orderBy('seq')
          .execute()
        return rows.map(({ json }) => fromJson(json) as PhoneTest)
      },
      async add(test) {
        const row = { id: test.id, turn_from: test.turnFrom, json: JSON.stringify(test) }
        await db.insertInto('duty_phone_test').values(row).execute()
      },
    },
    alarms: {
      async raised(keys) {
        if (keys.length === 0) return new Set()
        const rows = await db.selectFrom('duty_alarm').select('key').where('key', 'in', among(keys)).execute()
        return new Set(rows.map(({ key }) => key))
      },
      async add(key, at) {
        await db
          .insertInto('duty_alarm')
          .values({ key, at })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      },
    },
    handovers: createHandoverStore(db),
    contingency: {
      async ticks(ticketId) {
        const rows = await db
          .selectFrom('contingency_tick')
          .select('json')
          .where('ticket_id', '=', ticketId)
          .orderBy('seq')
          .execute()
        return rows.map(({ json }) => fromJson(json) as Tick)
      },
      async add(tick) {
        const row = { id: tick.id, ticket_id: tick.ticketId, json: JSON.stringify(tick) }
        await db.insertInto('contingency_tick').values(row).execute()
      },
    },
  }
}

function createRosterStore(db: Database): DutyStore['roster'] {
  return {
    async plans() {
      const rows = await db.selectFrom('duty_plan').select('json').execute()
      return rows.map(({ json }) => fromJson(json) as PlanVersion)
    },
    async settings() {
      const rows = await db.selectFrom('duty_settings').select('json').execute()
      return rows.map(({ json }) => fromJson(json) as SettingsVersion)
    },
    async exceptions() {
      const rows = await db
        .selectFrom('duty_exception')
        .leftJoin('duty_cancellation', 'duty_cancellation.exception_id', 'duty_exception.id')
        .select(['duty_exception.json', 'duty_cancellation.at'])
        .orderBy('duty_exception.seq')
        .execute()
      return rows.map(({ json, at }) => {
        const exception = fromJson(json) as Exception
        return at === null ? exception : { ...exception, cancelledAt: at }
      })
    },
    addPlan(plan) {
      const { departmentId, version } = plan
      return insertedUnlessTaken(
        db
          .insertInto('duty_plan')
          .values({ department_id: departmentId, version, json: JSON.stringify(plan) })
          .execute(),
      )
    },
    addSettings(settings) {
      const row = { version: settings.version, json: JSON.stringify(settings) }
      return insertedUnlessTaken(db.insertInto('duty_settings').values(row).execute())
    },
    async addException(exception) {
      const row = { id: exception.id, json: JSON.stringify(exception) }
      await db.insertInto('duty_exception').values(row).execute()
    },
    cancel(id, at, by) {
      const row = { exception_id: id, at, person_id: by.id, person_name: by.name }
      return insertedUnlessTaken(db.insertInto('duty_cancellation').values(row).execute())
    },
  }
}
