import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AssetState } from '../../server/contract/live.ts'
import { createCheckIns } from '../../server/flows/ticket/check-in.ts'
import { createDutyRoster } from '../../server/flows/decisions/duty-roster.ts'
import { openItemsOf } from '../../server/flows/ticket/open-items.ts'
import { attachmentRoutes } from '../../server/http/tickets/attachment-routes.ts'
import { callRoutes } from '../../server/http/tickets/call-routes.ts'
import { checkInRoutes } from '../../server/http/network/check-in-routes.ts'
import { contingencyRoutes } from '../../server/http/network/contingency-routes.ts'
import { dutyRoutes } from '../../server/http/duty/duty-routes.ts'
import { rosterFileRoutes } from '../../server/http/duty/roster-file-routes.ts'
import { dutyTimelineRoutes } from '../../server/http/duty/duty-timeline-routes.ts'
import { handoverRoutes } from '../../server/http/duty/handover-routes.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { incidentRoutes } from '../../server/http/tickets/incident-routes.ts'
import { externalCallRoutes } from '../../server/http/tickets/external-call-routes.ts'
import { drillRoutes } from '../../server/http/tickets/drill-routes.ts'
import { kpiRoutes } from '../../server/http/tickets/kpi-routes.ts'
import { noticeRoutes } from '../../server/http/tickets/notice-routes.ts'
import { policyRoutes } from '../../server/http/tickets/policy-routes.ts'
import { ticketRoutes } from '../../server/http/tickets/ticket-routes.ts'
import { createAttachmentFiles } from '../../server/store/attachment-files.ts'
import { aDeskWorld, PEOPLE, type DeskWorld } from '../support/desk-world.ts'
import { silentLog } from '../support/silent-log.ts'

export interface DeskApp {
  readonly http: Http
  readonly world: DeskWorld
  readonly dir: string
  as(
    who: keyof typeof PEOPLE | undefined,
    what: `${'GET' | 'POST' | 'PUT' | 'DELETE'} ${string}`,
    payload?: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: ReturnType<typeof JSON.parse>; type: string }>
  close(): Promise<void>
}

/** The desk's routes over real SQLite; the bearer key is the person's name here. */
export async function aDeskApp(
  start = '22:50:00',
  options: Parameters<typeof aDeskWorld>[1] = {},
): Promise<DeskApp> {
  const world = await aDeskWorld(start, options)
  const dir = mkdtempSync(join(tmpdir(), 'desk-files-'))
  const http = await createHttp({
    log: silentLog,
    clauses: world.services.rules.policy.clauses,
    identify: async (token) => Object.entries(PEOPLE).find(([name]) => name === token)?.[1],
  })
  const { services } = world
  await http.register(ticketRoutes(services))
  await http.register(callRoutes(services))
  await http.register(incidentRoutes(services))
  await http.register(checkInRoutes(await createCheckIns(services)))
  await http.register(noticeRoutes(services))
  await http.register(attachmentRoutes(services, await createAttachmentFiles(dir, 64 * 1024 * 1024)))
  await http.register(policyRoutes(services.rules))
  const duty = {
    services,
    roster: await createDutyRoster(services),
    openItems: openItemsOf(services, faultyAssets),
  }
  await http.register(dutyRoutes(duty))
  await http.register(rosterFileRoutes(duty))
  await http.register(dutyTimelineRoutes(duty))
  await http.register(handoverRoutes(duty))
  await http.register(contingencyRoutes(services))
  await http.register(kpiRoutes(duty))
  await http.register(drillRoutes(services))
  await http.register(externalCallRoutes(services))

  return {
    http,
    world,
    dir,
    async as(who, what, payload, headers = {}) {
      const [method, path] = what.split(/ (.*)/) as ['GET' | 'POST' | 'PUT' | 'DELETE', string]
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

/** Two devices that say nothing. */
function faultyAssets(): AssetState[] {
  const device = (id: string): AssetState['devices'][number] => ({
    id,
    assetId: 'W1',
    signals: [],
    power: 'battery',
    intervalS: 60,
    online: false,
    values: {},
    faults: [
      {
        fault: 'silence',
        since: '2026-01-15T08:00:00+08:00',
        sentence: { zh: '没有消息', en: 'nothing heard' },
      },
    ],
  })
  return [{ id: 'W1', health: 'silent', devices: [device('d1'), device('d2')] }]
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
