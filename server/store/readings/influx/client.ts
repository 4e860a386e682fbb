import { InfluxDB, type IPoolOptions } from 'influx'
import type { InfluxSettings } from './settings.ts'

/** No pause and no retry of the library's own: the journal's cursor is the retry. */
const noBackoff = { getDelay: () => 0, next: () => noBackoff, reset: () => noBackoff }

/**
 * The 1.x client. It also reads from 2 and 3, whose compatible `/query` takes any user name with the
 * token as password.
 */
export function influxClient(settings: InfluxSettings): InfluxDB {
  const { protocol, hostname, port, pathname } = new URL(settings.url)
  const secure = protocol === 'https:'
  const pool: IPoolOptions = { maxRetries: 0, requestTimeout: settings.timeoutMs, backoff: noBackoff }
  const byToken = settings.version !== 1
  const username = settings.username === '' && byToken ? 'wellwatch' : settings.username
  const password = byToken ? settings.token : settings.password
  return new InfluxDB({
    hosts: [
      {
        host: hostname,
        port: port === '' ? (secure ? 443 : 80) : Number(port),
        protocol: secure ? 'https' : 'http',
        path: pathname,
      },
    ],
    database: byToken ? settings.bucket : settings.database,
    // An empty user name would still be sent, and refused, where no authentication is wanted.
    ...(username === '' || (byToken && password === '') ? {} : { username, password }),
    pool,
  })
}

/** Status and body of the library's RequestError; undefined for any other error. */
export function answerOf(error: unknown): { status: number; body: string } | undefined {
  const { res, message } = error as { res?: { statusCode?: unknown }; message?: unknown }
  if (typeof res?.statusCode !== 'number' || typeof message !== 'string') return undefined
  return { status: res.statusCode, body: message.replace(/^A \d+ .*? error occurred: /s, '') }
}
