import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCheckIns } from '../../server/flows/check-in.ts'
import { attachmentRoutes } from '../../server/http/attachment-routes.ts'
import { callRoutes } from '../../server/http/call-routes.ts'
import { checkInRoutes } from '../../server/http/check-in-routes.ts'
import { createHttp, type Http } from '../../server/http/http.ts'
import { incidentRoutes } from '../../server/http/incident-routes.ts'
import { kpiRoutes } from '../../server/http/kpi-routes.ts'
import { noticeRoutes } from '../../server/http/notice-routes.ts'
import { policyRoutes } from '../../server/http/policy-routes.ts'
import { ticketRoutes } from '../../server/http/ticket-routes.ts'
import { createAttachmentFiles } from '../../server/store/attachment-files.ts'
import { aDeskWorld, PEOPLE, type DeskWorld } from '../support/desk-world.ts'
import { silentLog } from '../support/silent-log.ts'

export interface DeskApp {
  readonly http: Http
  readonly world: DeskWorld
  readonly dir: string
  as(
    who: keyof typeof PEOPLE | undefined,
    what: `${'GET' | 'POST' | 'DELETE'} ${string}`,
    payload?: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: ReturnType<typeof JSON.parse>; type: string }>
  close(): Promise<void>
}

/** The desk's routes over real SQLite; the bearer key is the person's name here. */
export async function aDeskApp(start = '22:50:00'): Promise<DeskApp> {
  const world = await aDeskWorld(start)
  const dir = mkdtempSync(join(tmpdir(), 'desk-files-'))
  const http = await createHttp({
    log: silentLog,
    identify: async (token) => Object.entries(PEOPLE).find(([name]) => name === token)?.[1],
  })
  const { desk } = world
  await http.register(ticketRoutes(desk))
  await http.register(callRoutes(desk))
  await http.register(incidentRoutes(desk))
  await http.register(checkInRoutes(await createCheckIns(desk)))
  await http.register(noticeRoutes(desk))
  await http.register(attachmentRoutes(desk, await createAttachmentFiles(dir)))
  await http.register(policyRoutes(desk.rules))
  await http.register(kpiRoutes(desk))

  return {
    http,
    world,
    dir,
    async as(who, what, payload, headers = {}) {
      const [method, path] = what.split(/ (.*)/) as ['GET' | 'POST' | 'DELETE', string]
      const response = await http.inject({
        method,
        url: `/api/v1${path}`,
        headers: { ...(who === undefined ? {} : { authorization: `Bearer ${who}` }), ...headers },
        ...(payload === undefined ? {} : { payload }),
      })
      const type = String(response.headers['content-type'] ?? '')
      const body: unknown = type.includes('json') ? response.json() : response.body
      return { status: response.statusCode, body, type }
    },
    async close() {
      await http.close()
      await world.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** One file as a browser would send it. */
export function multipartOf(name: string, bytes: Buffer, field = 'file') {
  const boundary = '----wellwatch'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: image/svg+xml\r\n\r\n`
  return {
    payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}
