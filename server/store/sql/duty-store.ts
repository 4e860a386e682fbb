import { sql } from 'kysely'
import type { DutyStore } from '../../flows/decisions/duty-store.ts'
import { insertedUnlessTaken } from './unique-violation.ts'
import { among, type Database } from './database.ts'
import { readRow, readRows } from './stored-rows.ts'
import { DUTY_SETTINGS, EXCEPTIONS, PHONE_TESTS, PLANS, TICKS } from './stored-shapes.ts'
import { createHandoverStore } from './duty-handover-store.ts'

/** Rosters, phone tests, handovers and checklists in SQL; each row keeps the domain object as JSON. */
export function createDutyStore(db: Database): DutyStore {
  return {
    roster: createRosterStore(db),
    phoneTests: {
      async ofTurns({ from, to }) {
        const rows = await db
          .selectFrom('duty_phone_test')
          .select(['id', 'json'])
          .where('turn_from', '>=', from)
          .where('turn_from', '<', to)
          .orderBy('seq')
          .execute()
        return readRows(db, PHONE_TESTS, rows)
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
          .select(['id', 'json'])
          .where('ticket_id', '=', ticketId)
          .orderBy('seq')
          .execute()
        return readRows(db, TICKS, rows)
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
      const rows = await db
        .selectFrom('duty_plan')
        .select(['json', sql<string>`department_id || ' version ' || version`.as('id')])
        .execute()
      return readRows(db, PLANS, rows)
    },
    async settings() {
      const rows = await db
        .selectFrom('duty_settings')
        .select(['json', sql<string>`'version ' || version`.as('id')])
        .execute()
      return readRows(db, DUTY_SETTINGS, rows)
    },
    async exceptions() {
      const rows = await db
        .selectFrom('duty_exception')
        .leftJoin('duty_cancellation', 'duty_cancellation.exception_id', 'duty_exception.id')
        .select(['duty_exception.id', 'duty_exception.json', 'duty_cancellation.at'])
        .orderBy('duty_exception.seq')
        .execute()
      return rows.flatMap(({ at, ...row }) => {
        const exception = readRow(db, EXCEPTIONS, row)
        if (exception === undefined) return []
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
