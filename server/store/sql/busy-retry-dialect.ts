import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import {
  CompiledQuery,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type SqliteDialectConfig,
} from 'kysely'
import { StoreUnavailable } from '../../flows/ports.ts'
import { asUnavailable, isBusy, isDamaged } from '../../disk/sqlite-errors.ts'

const RETRY_MS = 10
/** Reads queue behind a write that waits, so it does not wait long. */
const MAX_WAIT_MS = 500
/** After one query has waited in vain, the next ones try only once for so long. */
const NO_WAIT_MS = 5000

/**
 * SQLite's busy timeout blocks the whole process while another program holds the file. This dialect waits
 * without blocking, and gives up before the queries behind it have waited too long.
 */
export class BusyRetryDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig

  constructor(config: SqliteDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): SqliteDriver {
    return new BusyRetryDriver(this.#config)
  }
}

/** Queries hold the event loop; after so long of them everybody else has a turn. */
const MAX_HOLD_MS = 10

class BusyRetryDriver extends SqliteDriver {
  /** When the first query of this turn of the loop began. */
  #heldSince: number | undefined
  #noWaitUntil = 0
  #damage: unknown

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection()
    return {
      executeQuery: async (query) => {
        await this.#yieldLoop()
        return this.#retry(() => connection.executeQuery(query))
      },
      streamQuery: (query, size) => connection.streamQuery(query, size),
    }
  }

  /**
   * Takes the write lock at the beginning: SQLite cannot wait for one in the middle of a transaction that has
   * read already. A file that was seen to be damaged takes no more transactions; it can still be read.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#damage !== undefined) {
      throw new StoreUnavailable('the file is damaged: restore a backup', { cause: this.#damage })
    }
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** After a disk error SQLite has rolled back by itself; the error is then what matters. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch((error: unknown) => {
      if (!String(error).includes('no transaction is active')) throw error
    })
  }

  async #yieldLoop(): Promise<void> {
    if (this.#heldSince === undefined) {
      this.#heldSince = performance.now()
      setImmediate(() => (this.#heldSince = undefined))
    } else if (performance.now() - this.#heldSince > MAX_HOLD_MS) await nextTurn()
  }

  async #retry<T>(work: () => Promise<T>): Promise<T> {
    const asked = performance.now()
    const until = asked < this.#noWaitUntil ? asked : asked + MAX_WAIT_MS
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (isDamaged(error)) this.#damage = error
        if (!isBusy(error)) throw asUnavailable(error)
        if (performance.now() >= until) {
          this.#noWaitUntil = performance.now() + NO_WAIT_MS
          throw asUnavailable(error)
        }
        await sleep(RETRY_MS)
      }
    }
  }
}
