import type { DetectionView } from '#contract/detection.ts'
import { gatewayClientId } from '#contract/topics.ts'
import type { Config } from '../config.ts'
import type { Person } from '../domain/access/actor.ts'
import { healthFor, incidentFor } from '../domain/access/mask.ts'
import { censor } from '../domain/ticket/ticket-for.ts'
import { instantText, type Instant } from '../domain/instant.ts'
import { missingParts } from '../domain/self-monitoring/set-up.ts'
import type { NetworkRegistry } from '../flows/network/change-network.ts'
import type { RosterServices } from '../flows/duty/change-roster.ts'
import type { Audit } from '../flows/access/audit.ts'
import type { Basemap } from '../flows/network/basemap.ts'
import type { KeptMappings } from '../flows/network/kept-mappings.ts'
import type { Backtests } from '../flows/backtest/backtests.ts'
import { checkScopeNotice } from '../flows/notice/check-scope-notice.ts'
import type { CheckIns } from '../flows/ticket/check-in.ts'
import type { Services } from '../flows/decisions/decisions.ts'
import type { ForeignDoor } from '../flows/foreign/take-foreign.ts'
import type { DeviceCredentials } from '../flows/readings/device-credentials.ts'
import type { Ingest } from '../flows/readings/ingest.ts'
import type { OpenItems } from '../flows/duty/hand-over.ts'
import type { FileKeeper } from '../flows/ticket/keep-attachment.ts'
import type { Walls } from '../flows/self-monitoring/walls.ts'
import type { OutboxAdministration } from '../flows/notification/manage-outbox.ts'
import type { PeopleStore } from '../flows/access/people.ts'
import type { Clock, Log } from '../flows/ports.ts'
import type { OpenQuarantine } from '../flows/readings/quarantine.ts'
import type { UnknownSenders } from '../flows/readings/unknown-senders.ts'
import type { ReadHistory } from '../flows/readings/read-history.ts'
import { currentNotices } from '../flows/notice/publish-notice.ts'
import { showOpen } from '../flows/decisions/show-tickets.ts'
import { createOwnAccount } from '../flows/access/own-account.ts'
import type { FirstAdministrator } from '../flows/access/first-administrator.ts'
import type { SignIn } from '../flows/access/sign-in.ts'
import type { AssetWatching } from '../flows/detection/watch-assets.ts'
import { deviceRoutes } from '../http/devices/telemetry-routes.ts'
import { devicesRoutes } from '../http/devices/device-routes.ts'
import { deviceTableRoutes } from '../http/devices/device-table-routes.ts'
import { documentation } from '../http/core/documentation.ts'
import { auditRequests, auditRoutes } from '../http/people/audit-requests.ts'
import { attachmentRoutes } from '../http/tickets/attachment-routes.ts'
import { basemapRoutes } from '../http/network/basemap-routes.ts'
import { backtestRoutes } from '../http/devices/backtest-routes.ts'
import { boardRoutes } from '../http/operation/board-routes.ts'
import { callRoutes } from '../http/tickets/call-routes.ts'
import { checkInRoutes } from '../http/network/check-in-routes.ts'
import { contingencyRoutes } from '../http/network/contingency-routes.ts'
import { dutyRoutes } from '../http/duty/duty-routes.ts'
import { dutyTimelineRoutes } from '../http/duty/duty-timeline-routes.ts'
import { handoverRoutes } from '../http/duty/handover-routes.ts'
import { importRoutes } from '../http/network/import-routes.ts'
import { incidentRoutes } from '../http/tickets/incident-routes.ts'
import { noticeRoutes } from '../http/tickets/notice-routes.ts'
import { notificationRoutes } from '../http/operation/notification-routes.ts'
import { externalCallRoutes } from '../http/tickets/external-call-routes.ts'
import { drillRoutes } from '../http/tickets/drill-routes.ts'
import { kpiRoutes } from '../http/tickets/kpi-routes.ts'
import { policyRoutes } from '../http/tickets/policy-routes.ts'
import { ticketRoutes } from '../http/tickets/ticket-routes.ts'
import { watchingRoutes } from '../http/network/coverage-routes.ts'
import { queueCostlyReads } from '../http/core/costly-reads.ts'
import { createHttp, tokenOf, type Http } from '../http/core/http.ts'
import { detectionRoutes } from '../http/devices/detection-routes.ts'
import { isolationRoutes } from '../http/network/isolation-routes.ts'
import { liveRoutes } from '../http/operation/live-routes.ts'
import { adoptRoutes } from '../http/devices/adopt-routes.ts'
import { gatewayRoutes } from '../http/devices/gateway-routes.ts'
import { profileRoutes } from '../http/devices/profile-routes.ts'
import { pushRoutes } from '../http/devices/push-routes.ts'
import { mappingRoutes } from '../http/network/mapping-routes.ts'
import { networkRoutes } from '../http/network/network-routes.ts'
import { operationRoutes } from '../http/operation/operation-routes.ts'
import { rosterFileRoutes } from '../http/duty/roster-file-routes.ts'
import { deliveryThread, deviceTableThread } from '../formats/delivery-thread.ts'
import { writeWorkbook } from '../formats/write-workbook.ts'
import { pageRoutes } from '../http/core/page-routes.ts'
import { ownAccountRoutes } from '../http/people/own-account-routes.ts'
import { peopleRoutes } from '../http/people/people-routes.ts'
import { readingsRoutes } from '../http/devices/readings-routes.ts'
import { sessionRoutes } from '../http/people/session-routes.ts'
import type { LiveHub } from '../live/live-hub.ts'
import { connectionLimits, openFileLimit } from '../process/open-files.ts'
import type { SelfWatch } from './health.ts'
import type { Senders } from './senders.ts'

export interface PageParts {
  readonly config: Pick<Config, 'httpTrustedProxies' | 'metricsKey' | 'publicNames'>
  readonly basemap: Basemap
  readonly mapOrigins: readonly string[]
  readonly log: Log
  readonly clock: Clock
  /** Sessions last in real time, whatever the business clock says. */
  readonly realNow: () => Instant
  readonly services: Services
  readonly people: PeopleStore
  readonly audit: Audit
  readonly signIn: SignIn
  readonly firstAdministrator: FirstAdministrator
  readonly registry: NetworkRegistry
  readonly credentials: DeviceCredentials
  readonly live: LiveHub
  readonly watching: AssetWatching
  readonly ingest: Ingest
  readonly quarantine: OpenQuarantine
  readonly walls: Walls
  readonly self: Pick<SelfWatch, 'health' | 'troubles'>
  readonly metrics: () => Promise<string>
  readonly acceptClock?: () => void
  readonly readHistory: ReadHistory
  readonly backtests: Backtests
  readonly detection: () => DetectionView
  readonly disconnect: ((deviceId: string) => void) | undefined
  readonly unknown: UnknownSenders
  readonly command: (deviceId: string, name: string) => Promise<void>
  readonly pageRoot: string
  readonly checkIns: CheckIns
  readonly mappings: KeptMappings
  readonly foreign: Pick<Senders['foreign'], 'profiles' | 'gateways' | 'store'> & {
    readonly door: ForeignDoor
  }
  readonly files: FileKeeper
  readonly outbox: OutboxAdministration
  readonly duty: RosterServices & { readonly openItems: OpenItems }
  readonly moveClock?: (to: number) => Promise<void>
}

/** The HTTP server: page, API, metrics. */
export async function openPage(parts: PageParts): Promise<Http> {
  const { log, clock, services, people, signIn, registry, credentials, live, watching, self } = parts
  const { httpTrustedProxies: trustedProxies, metricsKey } = parts.config
  const publicNames = parts.config.publicNames.split(',').map((name) => name.trim())
  const identify = (token: string) => signIn.identify(token, parts.realNow())
  const { mapOrigins } = parts
  const { clauses } = services.rules.policy
  const { walls } = parts
  const disconnecting = parts.disconnect === undefined ? {} : { disconnect: parts.disconnect }
  const asked = (token: string) => {
    walls.seen(token)
    return identify(token)
  }
  const http = await createHttp({ log, identify: asked, publicNames, trustedProxies, mapOrigins, clauses })
  http.server.maxConnections = connectionLimits(openFileLimit(), 0).http
  auditRequests(http, parts.audit)
  queueCostlyReads(http)
  await documentation(http)
  await http.register(sessionRoutes(parts))
  await http.register(ownAccountRoutes(createOwnAccount(people), parts.realNow))
  await http.register(peopleRoutes({ people, network: registry, clock }))
  await http.register(auditRoutes(parts.audit))
  await http.register(
    operationRoutes({
      clock,
      health: (viewer) => healthFor(self.health(), viewer),
      retireWall: walls.retire,
      troubles: self.troubles,
      missing: missingIn(parts),
      metrics: parts.metrics,
      metricsKey,
      ...movedClock(parts),
    }),
  )
  await http.register(
    deviceRoutes({
      ingest: parts.ingest.ingest,
      verifyDevice: credentials.verify,
      refused: parts.unknown.refused,
    }),
  )
  await http.register(
    devicesRoutes({
      network: registry,
      credentials,
      clock,
      quarantine: parts.quarantine,
      unknown: parts.unknown,
      command: parts.command,
      ...disconnecting,
    }),
  )
  const checkNotice = (warnings: readonly string[]) => checkScopeNotice(services, warnings)
  await http.register(networkRoutes({ registry, clock, liveState: (id) => watching.asset(id) }))
  await http.register(importRoutes({ registry, readDelivery: deliveryThread, checkNotice }))
  await http.register(deviceTableRoutes({ registry, read: deviceTableThread, writeWorkbook }))
  await http.register(profileRoutes(parts.foreign.profiles))
  await http.register(
    gatewayRoutes({
      ...parts.foreign,
      network: registry,
      disconnect: (id) => parts.disconnect?.(gatewayClientId(id)),
    }),
  )
  await http.register(pushRoutes({ ...parts.foreign, refused: parts.unknown.refused }))
  await http.register(adoptRoutes({ ...parts.foreign, network: registry, unknown: parts.unknown }))
  await http.register(mappingRoutes(parts.mappings, clock))
  await http.register(isolationRoutes({ network: registry, clock }))
  await http.register(watchingRoutes({ network: registry, assets: watching, clock }))
  await http.register(basemapRoutes(parts.basemap))
  await http.register(readingsRoutes(parts.readHistory))
  await http.register(backtestRoutes(parts.backtests))
  await http.register(detectionRoutes(parts.detection))
  await http.register(ticketRoutes(services))
  await http.register(incidentRoutes(services))
  await http.register(boardRoutes(services, watching))
  await http.register(callRoutes(services))
  await http.register(checkInRoutes(parts.checkIns))
  await http.register(noticeRoutes(services))
  await http.register(notificationRoutes(parts.outbox))
  await http.register(dutyRoutes(parts.duty))
  await http.register(rosterFileRoutes(parts.duty))
  await http.register(dutyTimelineRoutes(parts.duty))
  await http.register(handoverRoutes(parts.duty))
  await http.register(contingencyRoutes(services))
  await http.register(attachmentRoutes(services, parts.files))
  await http.register(policyRoutes(services.rules))
  await http.register(kpiRoutes(parts.duty))
  await http.register(drillRoutes(services))
  await http.register(externalCallRoutes(services))
  await http.register(
    liveRoutes({
      hub: live,
      censor,
      health: self.health,
      snapshot: (viewer) => snapshot(parts, viewer),
      stillSignedIn: async (token) => (await identify(token)) !== undefined,
      watchSessions: people.watchSessions,
      tokenOf,
      expectWall: walls.expect,
    }),
  )
  await http.register(pageRoutes(parts.pageRoot))
  return http
}

/** What this installation still lacks. */
function missingIn({ clock, services, firstAdministrator, registry, self }: PageParts) {
  return async () => {
    const { points, pipes } = registry.current()
    return missingParts({
      // A database that cannot answer is a trouble of its own, not an installation without accounts.
      people: !(await firstAdministrator.isAwaited().catch(() => false)),
      assets: points.size + pipes.size,
      channels: self.health().channels.configured,
      ...services.rules,
      at: clock.now(),
    })
  }
}

/** Tells every screen at once that the manual clock has moved. */
function movedClock({ moveClock, acceptClock, live, self }: PageParts) {
  const tell = (): void => live.publish('health', 'system', self.health())
  return {
    ...(moveClock === undefined ? {} : { moveClock: (to: number) => moveClock(to).then(tell) }),
    ...(acceptClock === undefined
      ? {}
      : {
          acceptClock: () => {
            acceptClock()
            tell()
          },
        }),
  }
}

/** Everything a screen shows on opening, as this person may see it. */
async function snapshot({ clock, services, watching, self }: PageParts, viewer: Person) {
  const { tickets, incidents } = await showOpen(services, viewer)
  return {
    now: instantText(clock.now()),
    tickets: [...tickets],
    incidents: incidents.map((incident) => incidentFor(incident, viewer)),
    notices: [...(await currentNotices(services))],
    assets: [...watching.snapshot()],
    health: healthFor(self.health(), viewer),
  }
}
