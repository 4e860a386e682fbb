import type { Role } from '#contract/vocabulary.ts'
import type { Person } from '../../domain/access/actor.ts'
import type { PeopleStore } from '../../flows/access/people.ts'
import type { Database } from './database.ts'
import { readRow } from './stored-rows.ts'
import { ROLES_OF_PERSON } from './stored-shapes.ts'

export function createPeopleStore(db: Database): PeopleStore {
  const watching: (() => void)[] = []
  const tell = (): void => {
    for (const ended of watching) ended()
  }
  return {
    watchSessions: (ended) => void watching.push(ended),
    async find(id) {
      const row = await db
        .selectFrom('person')
        .selectAll()
        .where('id', '=', id)
        .where('disabled_at', 'is', null)
        .executeTakeFirst()
      return (
        row && { person: personOf(row, ROLES_OF_PERSON.read(rolesRow(row))), passwordHash: row.password_hash }
      )
    },
    async list() {
      const rows = await db
        .selectFrom('person')
        .selectAll()
        .where('disabled_at', 'is', null)
        .orderBy('id')
        .execute()
      return rows.flatMap((row) => {
        const roles = readRow(db, ROLES_OF_PERSON, rolesRow(row))
        return roles === undefined ? [] : personOf(row, roles)
      })
    },
    async hasHadPeople() {
      return (await db.selectFrom('person').select('id').limit(1).executeTakeFirst()) !== undefined
    },
    async saveFirst(person, passwordHash, at) {
      // One statement, so that of two who come at once one finds the other.
      const added = await db
        .insertInto('person')
        .columns(['id', 'name', 'roles', 'password_hash', 'created_at'])
        .expression(
          db
            .selectNoFrom(({ val }) => [
              val(person.id).as('id'),
              val(person.name).as('name'),
              val(JSON.stringify(person.roles)).as('roles'),
              val(passwordHash).as('password_hash'),
              val(at).as('created_at'),
            ])
            .where(({ not, exists, selectFrom }) => not(exists(selectFrom('person').select('id')))),
        )
        .executeTakeFirst()
      return (added.numInsertedOrUpdatedRows ?? 0n) > 0n
    },
    async save(person, passwordHash, at) {
      const changing = {
        name: person.name,
        roles: JSON.stringify(person.roles),
        department_id: person.departmentId ?? null,
        password_hash: passwordHash,
        disabled_at: null,
      }
      await db.transaction().execute(async (unit) => {
        await unit
          .insertInto('person')
          .values({ id: person.id, created_at: at, ...changing })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
          .execute()
        await endSessions(unit, person.id)
      })
      tell()
    },
    async disable(id, at) {
      const done = await db.transaction().execute(async (unit) => {
        await endSessions(unit, id)
        return unit.updateTable('person').set({ disabled_at: at }).where('id', '=', id).executeTakeFirst()
      })
      tell()
      return done.numUpdatedRows > 0n
    },
    async openSession(tokenHash, { personId, passwordHash }, { at, expiresAt }) {
      await db.deleteFrom('session').where('expires_at', '<=', at).execute()
      // One statement, so that a change during the verification comes either before or after it.
      const opened = await db
        .insertInto('session')
        .columns(['token_hash', 'person_id', 'created_at', 'expires_at'])
        .expression((e) =>
          e
            .selectFrom('person')
            .select(({ val, ref }) => [
              val(tokenHash).as('token_hash'),
              ref('id').as('person_id'),
              val(at).as('created_at'),
              val(expiresAt).as('expires_at'),
            ])
            .where('id', '=', personId)
            .where('password_hash', '=', passwordHash)
            .where('disabled_at', 'is', null),
        )
        .executeTakeFirst()
      return (opened.numInsertedOrUpdatedRows ?? 0n) > 0n
    },
    async personOfSession(tokenHash, at) {
      const row = await db
        .selectFrom('session')
        .innerJoin('person', 'person.id', 'session.person_id')
        .selectAll('person')
        .where('session.token_hash', '=', tokenHash)
        .where('session.expires_at', '>', at)
        .where('person.disabled_at', 'is', null)
        .executeTakeFirst()
      return row && personOf(row, ROLES_OF_PERSON.read(rolesRow(row)))
    },
    async closeSession(tokenHash) {
      await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute()
      tell()
    },
    async changePassword(id, { from, to, keepSession }) {
      const done = await db.transaction().execute(async (unit) => {
        const changed = await unit
          .updateTable('person')
          .set({ password_hash: to })
          .where('id', '=', id)
          .where('password_hash', '=', from)
          .where('disabled_at', 'is', null)
          .executeTakeFirst()
        if (changed.numUpdatedRows > 0n) await endSessions(unit, id, keepSession)
        return changed.numUpdatedRows > 0n
      })
      tell()
      return done
    },
    async sessionsOf(personId, at) {
      const rows = await db
        .selectFrom('session')
        .selectAll()
        .where('person_id', '=', personId)
        .where('expires_at', '>', at)
        .orderBy('created_at', 'desc')
        .execute()
      return rows.map((row) => ({
        tokenHash: row.token_hash,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      }))
    },
    async closeOtherSessions(personId, keepTokenHash) {
      await endSessions(db, personId, keepTokenHash)
      tell()
    },
    async closeSessionsOf(personId) {
      await endSessions(db, personId)
      tell()
    },
  }
}

async function endSessions(db: Database, personId: string, but = ''): Promise<void> {
  await db.deleteFrom('session').where('person_id', '=', personId).where('token_hash', '!=', but).execute()
}

interface PersonRow {
  readonly id: string
  readonly name: string
  readonly roles: string
  readonly department_id: string | null
}

const rolesRow = ({ id, roles }: PersonRow) => ({ id, json: roles })

function personOf(row: PersonRow, roles: readonly Role[]): Person {
  return {
    kind: 'person',
    id: row.id,
    name: row.name,
    roles,
    ...(row.department_id === null ? {} : { departmentId: row.department_id }),
  }
}
