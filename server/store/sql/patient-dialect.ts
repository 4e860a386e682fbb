import { setTimeout as sleep } from 'node:timers/promises'
import {
  CompiledQuery,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type SqliteDialectConfig,
} from 'kysely'
import { StoreUnavailable } from '../../flows/ports.ts'
import { asUnavailable, isBusy, isDamaged } from '../sqlite-trouble.ts'

const ASK_AGAIN_MS = 10
/** Whoever reads waits behind whoever writes, so nobody waits long. */
const PATIENCE_MS = 500
/** Once somebody has waited in vain, the others ask once. */
const GIVEN_UP_MS = 5000

/**
 * SQLite's own waiting for a file that another program holds would stop the whole process. Here the one
 * who wants to write waits, and gives up before it is too long for those behind.
 */
export class PatientDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig

  constructor(config: SqliteDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): SqliteDriver {
    return new PatientDriver(this.#config)
  }
}

class PatientDriver extends SqliteDriver {
  #givenUpUntil = 0
  #damage: unknown

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection()
    return {
      executeQuery: (query) => this.#lasting(() => connection.executeQuery(query)),
      streamQuery: (query, size) => connection.streamQuery(query, size),
    }
  }

  /**
   * Taken at once: a lock that is wanted halfway could not be waited for, others having written meanwhile.
   * Nothing more is decided on a file that was seen to be damaged; what can still be read is.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#damage !== undefined) {
      throw new StoreUnavailable('the file is damaged: restore a backup', { cause: this.#damage })
    }
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** SQLite has rolled back by itself where the disk failed: then the failure is what is to be told. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch((error: unknown) => {
      if (!String(error).includes('no transaction is active')) throw error
    })
  }

  async #lasting<T>(work: () => Promise<T>): Promise<T> {
    const asked = performance.now()
    const until = asked < this.#givenUpUntil ? asked : asked + PATIENCE_MS
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (isDamaged(error)) this.#damage = error
        if (!isBusy(error)) throw asUnavailable(error)
        if (performance.now() >= until) {
          this.#givenUpUntil = performance.now() + GIVEN_UP_MS
          throw asUnavailable(error)
        }
        await sleep(ASK_AGAIN_MS)
      }
    }
  }
}
