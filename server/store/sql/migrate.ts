import { Migrator, type Migration } from 'kysely/migration'
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
}

/** Brings the file to this version; throws when it was written by a newer one. */
export async function migrate(db: Database): Promise<void> {
  const provider = { getMigrations: () => Promise.resolve(MIGRATIONS) }
  const migrator = new Migrator({ db, provider, allowUnorderedMigrations: true })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined)
    throw new Error('the database could not be brought to this version', { cause: error })
}
