import { existsSync, renameSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { deserialize, serialize } from 'node:v8'
import type { StoredPacket, StoredSubscription } from 'aedes-persistence/asyncPersistence.js'

const SCHEMA = `
  create table if not exists session (client_id text primary key, seen_at integer not null);
  create table if not exists subscription (
    client_id text not null, topic text not null, record blob not null, primary key (client_id, topic));
  create table if not exists retained (topic text primary key, packet blob not null);
  create table if not exists will (client_id text primary key, packet blob not null);
  create table if not exists incoming (
    client_id text not null, message_id integer not null, packet blob not null,
    primary key (client_id, message_id));
  create table if not exists outgoing (
    seq integer primary key autoincrement, client_id text not null, packet blob not null);
  create index if not exists outgoing_client on outgoing (client_id);
`

const DROP_WILL = 'delete from will where client_id = ?'
const DROP_INCOMING = 'delete from incoming where client_id = ? and message_id = ?'

/** The error codes SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGED: ReadonlySet<number> = new Set([11, 26])

export interface QueuedRow {
  readonly seq: number
  readonly clientId: string
  readonly packet: StoredPacket
}

/**
 * The broker's own SQLite file. Its write-ahead log is not synced at each commit, so it survives kill -9
 * but not a power cut; samples, which must survive both, are in the journal.
 */
export function openSessionFile(path: string, damaged: (kept: string) => void = () => undefined) {
  const db = openWhole(path) ?? openInstead(path, damaged)

  let turn = 0
  const run = (sql: string) => {
    const statement = db.prepare(sql)
    return (...values: SQLInputValue[]) => statement.run(...values)
  }
  const rows = (sql: string) => db.prepare(sql).all()
  /** Deletes that a full disk refused, by statement and key: a newer row may have taken the place by then. */
  const failedDeletes = new Map<string, () => unknown>()
  const deleteLater = (sql: string) => {
    const now = run(sql)
    return (...values: (string | number)[]): void => {
      const key = [sql, ...values].join('\0')
      try {
        now(...values)
        failedDeletes.delete(key)
      } catch {
        failedDeletes.set(key, () => now(...values))
      }
    }
  }
  const cancelDelete = (sql: string, ...values: (string | number)[]): void => {
    failedDeletes.delete([sql, ...values].join('\0'))
  }
  const addQueued = run('insert into outgoing (client_id, packet) values (?, ?)')
  const setQueued = run('update outgoing set packet = ? where seq = ?')
  const setSubscription = run('insert or replace into subscription values (?, ?, ?)')
  const setRetained = run('insert or replace into retained values (?, ?)')
  const setWill = run('insert or replace into will values (?, ?)')
  const setIncoming = run('insert or replace into incoming values (?, ?, ?)')
  const idleSince = db.prepare('select client_id from session where seen_at < ?')

  return {
    touch: run('insert or replace into session values (?, ?)'),
    endSession: run('delete from session where client_id = ?'),
    sessions: () => rows('select client_id from session').map((row) => String(row['client_id'])),
    idleSince: (at: number) => idleSince.all(at).map((row) => String(row['client_id'])),

    saveSubscription: (clientId: string, subscription: StoredSubscription) =>
      setSubscription(clientId, subscription.topic, serialize({ ...subscription })),
    dropSubscription: run('delete from subscription where client_id = ? and topic = ?'),
    dropSubscriptions: run('delete from subscription where client_id = ?'),
    subscriptions: () =>
      rows('select * from subscription order by rowid').map((row) => ({
        clientId: String(row['client_id']),
        subscription: packed(row['record']) as StoredSubscription,
      })),

    saveRetained: (topic: string, packet: StoredPacket) => setRetained(topic, pack(packet)),
    dropRetained: run('delete from retained where topic = ?'),
    retained: () => rows('select packet from retained').map((row) => packed(row['packet'])),

    saveWill: (clientId: string, packet: StoredPacket) => {
      setWill(clientId, pack(packet))
      cancelDelete(DROP_WILL, clientId)
    },
    /** Never fails: a delete that the disk refuses is left to `retryDeletes`. */
    dropWill: deleteLater(DROP_WILL),
    wills: () =>
      rows('select * from will').map((row) => ({
        clientId: String(row['client_id']),
        packet: packed(row['packet']) as StoredPacket,
      })),

    saveIncoming: (clientId: string, messageId: number, packet: StoredPacket) => {
      setIncoming(clientId, messageId, pack({ ...packet, messageId }))
      cancelDelete(DROP_INCOMING, clientId, messageId)
    },
    /** Never fails, like `dropWill`: aedes answers PUBCOMP whatever becomes of it. */
    dropIncoming: deleteLater(DROP_INCOMING),
    dropAllIncoming: run('delete from incoming where client_id = ?'),
    incoming: () =>
      rows('select client_id, packet from incoming').map((row) => ({
        clientId: String(row['client_id']),
        packet: packed(row['packet']) as StoredPacket,
      })),

    addQueued: (clientId: string, packet: StoredPacket) =>
      Number(addQueued(clientId, pack(packet)).lastInsertRowid),
    setQueued: (seq: number, packet: StoredPacket) => setQueued(pack(packet), seq),
    dropQueued: run('delete from outgoing where seq = ?'),
    queued: (): QueuedRow[] =>
      rows('select * from outgoing order by seq').map((row) => ({
        seq: Number(row['seq']),
        clientId: String(row['client_id']),
        packet: packed(row['packet']) as StoredPacket,
      })),

    /** Writes something small. @throws whatever keeps the file from being written */
    probe: () => {
      turn = 1 - turn
      db.exec(`pragma user_version = ${String(turn)}`)
    },
    retryDeletes: () => {
      for (const [key, now] of failedDeletes) {
        now()
        failedDeletes.delete(key)
      }
    },
    close: () => {
      if (db.isOpen) db.close()
    },
  }
}
/** Undefined when the file is damaged. */
function openWhole(path: string): DatabaseSync | undefined {
  const db = new DatabaseSync(path)
  try {
    db.exec('pragma journal_mode = wal; pragma synchronous = normal')
    const isWhole = db.prepare('pragma quick_check(1)').get()?.['quick_check'] === 'ok'
    if (isWhole) db.exec(SCHEMA)
    else db.close()
    return isWhole ? db : undefined
  } catch (error) {
    db.close()
    const { errcode } = error as { errcode?: number }
    if (errcode === undefined || !DAMAGED.has(errcode & 0xff)) throw error
    return undefined
  }
}

/** Devices can connect all the same; what waited for them stays in the damaged file beside the new one. */
function openInstead(path: string, damaged: (kept: string) => void): DatabaseSync {
  const kept = `${path}.damaged-${String(Date.now())}`
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, kept + suffix)
  }
  damaged(kept)
  const db = openWhole(path)
  if (db === undefined) throw new Error(`${path} cannot be created`)
  return db
}

export type SessionFile = ReturnType<typeof openSessionFile>

function pack(packet: StoredPacket): Buffer {
  return serialize({ ...packet })
}

function packed(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) throw new Error('the session file holds a row that is no packet')
  return deserialize(value)
}
