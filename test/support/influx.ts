import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InfluxSettings } from '../../server/store/readings/influx/settings.ts'
import { childServer, freePort, type ChildServer } from './child-server.ts'

export interface Influx extends ChildServer {
  readonly url: string
  readonly admin: { readonly username: string; readonly password: string }
  /** Settings of a store that writes into a database of that name as the administrator. */
  settings(database: string): InfluxSettings
  /** Runs InfluxQL as the administrator. */
  query(statement: string, database?: string): Promise<unknown>
  remove(): Promise<void>
}

/** A real influxd 1.x with authentication on, data in a temporary directory, on free ports. */
export async function startInflux(): Promise<Influx> {
  const dir = mkdtempSync(join(tmpdir(), 'influx-'))
  const [http, rpc] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${String(http)}`
  const admin = { username: 'root', password: 'a secret, with "quotes"' }
  const config = join(dir, 'influxdb.conf')
  writeFileSync(config, configuration(dir, http, rpc))
  const server = childServer('influxd', ['-config', config], `${url}/ping`)

  const query = async (statement: string, database = ''): Promise<unknown> => {
    const basic = Buffer.from(`${admin.username}:${admin.password}`).toString('base64')
    const answer = await fetch(`${url}/query`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ q: statement, db: database, epoch: 'ms' }),
    })
    const body: unknown = await answer.json()
    if (!answer.ok) throw new Error(`${statement}: ${JSON.stringify(body)}`)
    return body
  }
  await server.start()
  await query(`CREATE USER "${admin.username}" WITH PASSWORD '${admin.password}' WITH ALL PRIVILEGES`)
  return {
    ...server,
    url,
    admin,
    query,
    settings: (database) => ({
      url,
      version: 1,
      database,
      ...admin,
      org: '',
      bucket: '',
      token: '',
      timeoutMs: 5000,
    }),
    async remove() {
      await server.signal('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function configuration(dir: string, http: number, rpc: number): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${String(rpc)}"
[meta]
  dir = "${dir}/meta"
[data]
  dir = "${dir}/data"
  wal-dir = "${dir}/wal"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:${String(http)}"
  auth-enabled = true
  log-enabled = false
[logging]
  level = "error"
`
}
