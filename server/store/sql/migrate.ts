import { sql } from 'kysely'
import { DEFAULT_MIGRATION_TABLE, Migrator, type Migration } from 'kysely/migration'
import type { Database } from './database.ts'
import * as people from './migrations/0001-people.ts'
import * as network from './migrations/0002-network.ts'
import * as tickets from './migrations/0003-tickets.ts'
import * as detection from './migrations/0004-detection.ts'
import * as devices from './migrations/0005-devices.ts'
import * as outbox from './migrations/0006-outbox.ts'
import * as duty from './migrations/0007-duty.ts'
import * as figures from './migrations/0008-figures.ts'
import * as hotline from './migrations/0009-hotline.ts'
import * as factShapes from './migrations/0010-fact-shapes.ts'
import * as asKnown from './migrations/0011-as-known.ts'
import * as audit from './migrations/0012-audit.ts'
import * as policyAndDuty from './migrations/0013-policy-and-duty.ts'
import * as measuredSpans from './migrations/0014-measured-spans.ts'
import * as openTickets from './migrations/0015-open-tickets.ts'
import * as faultSignal from './migrations/0016-fault-signal.ts'
import * as readingsInColumns from './migrations/0017-readings-in-columns.ts'
import * as whyWithheld from './migrations/0018-why-withheld.ts'
import * as names from './migrations/0019-names.ts'
import * as usedAttachments from './migrations/0020-used-attachments.ts'
import * as ticketSpan from './migrations/0021-ticket-span.ts'
import * as memory from './migrations/0022-memory.ts'
import * as networkMappings from './migrations/0023-network-mappings.ts'
import * as incidentLists from './migrations/0024-incident-lists.ts'
import * as profiles from './migrations/0025-profiles.ts'
import * as gateways from './migrations/0026-gateways.ts'

const MIGRATIONS: Record<string, Migration> = {
  '0001-people': people,
  '0002-network': network,
  '0003-tickets': tickets,
  '0004-detection': detection,
  '0005-devices': devices,
  '0006-outbox': outbox,
  '0007-duty': duty,
  '0008-figures': figures,
  '0009-hotline': hotline,
  '0010-fact-shapes': factShapes,
  '0011-as-known': asKnown,
  '0012-audit': audit,
  '0013-policy-and-duty': policyAndDuty,
  '0014-measured-spans': measuredSpans,
  '0015-open-tickets': openTickets,
  '0016-fault-signal': faultSignal,
  '0017-readings-in-columns': readingsInColumns,
  '0018-why-withheld': whyWithheld,
  '0019-names': names,
  '0020-used-attachments': usedAttachments,
  '0021-ticket-span': ticketSpan,
  '0022-memory': memory,
  '0023-network-mappings': networkMappings,
  '0024-incident-lists': incidentLists,
  '0025-profiles': profiles,
  '0026-gateways': gateways,
}

/** Written by a newer version, which may have put into it what this one does not know. */
export class NewerDatabase extends Error {
  override readonly name = 'NewerDatabase'
}

const migratorOf = (db: Database): Migrator => {
  const provider = { getMigrations: () => Promise.resolve(MIGRATIONS) }
  return new Migrator({ db, provider, allowUnorderedMigrations: true })
}

/** What has been done to a file and what is still to be done; both empty for one that is no database of ours. */
export async function migrationState(
  db: Database,
): Promise<{ readonly done: readonly string[]; readonly pending: readonly string[] }> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return { done: [], pending: [] }
  const { rows } = await sql<{
    name: string
  }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db)
  const done = rows.map(({ name }) => name).sort()
  return { done, pending: Object.keys(MIGRATIONS).filter((name) => !done.includes(name)) }
}

/** @throws NewerDatabase when the file knows a migration that this version does not. */
export function refuseNewer(done: readonly string[]): void {
  const unknown = done.filter((name) => !Object.hasOwn(MIGRATIONS, name))
  if (unknown.length === 0) return
  throw new NewerDatabase(
    `the database was written by a newer Wellwatch (it has ${unknown.join(', ')}): ` +
      'start that version again, or restore a backup of this one',
  )
}

/** Brings the file to this version. @throws NewerDatabase when it was written by a newer one. */
export async function migrate(db: Database): Promise<void> {
  refuseNewer((await migrationState(db)).done)
  const { error } = await migratorOf(db).migrateToLatest()
  if (error !== undefined)
    throw new Error('the database could not be brought to this version', { cause: error })
}
