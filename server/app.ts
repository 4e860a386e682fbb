import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { join } from 'node:path'
import { backtestThread } from './wiring/backtest-thread.ts'
import { basemapOrigins, createBasemap } from './basemap/create-basemap.ts'
import { clockOf, isManual } from './process/clock.ts'
import { closeEach } from './process/close-each.ts'
import type { Config } from './config.ts'
import type { DataDir } from './disk/data-dir.ts'
import { DEFAULT_SETTINGS } from './domain/detection/catalogue.ts'
import { openDeviceDoors } from './wiring/device-doors.ts'
import { createNetworkRegistry } from './flows/network/change-network.ts'
import { createAudit } from './flows/access/audit.ts'
import { createBacktests } from './flows/backtest/backtests.ts'
import { createCheckIns, shownCheckIn } from './flows/ticket/check-in.ts'
import type { Services } from './flows/decisions/decisions.ts'
import { createDetector } from './flows/detection/detector.ts'
import { createLeakResponding } from './flows/detection/leak-responses.ts'
import { createDutyLookup } from './flows/duty/duty-lookup.ts'
import { createDutyRoster } from './flows/decisions/duty-roster.ts'
import { createForgettingCallers } from './flows/hotline/forget-callers.ts'
import { createAttachmentCleaner } from './flows/ticket/remove-unused-attachments.ts'
import type { Consumer, Log, Timed } from './flows/ports.ts'
import { keepPolicy } from './flows/self-monitoring/keep-policy.ts'
import { createWalls } from './flows/self-monitoring/walls.ts'
import { openItemsOf } from './flows/ticket/open-items.ts'
import { rosterOrAccounts } from './flows/duty/people-on-duty.ts'
import { raiseIncidents } from './flows/incident/raise-incidents.ts'
import { createRecentMessages } from './flows/readings/recent-messages.ts'
import { createReadHistory } from './flows/readings/read-history.ts'
import { createFirstAdministrator } from './flows/access/first-administrator.ts'
import { createSignIn } from './flows/access/sign-in.ts'
import { createDeadlines } from './flows/ticket/tick-deadlines.ts'
import { createAssetWatching } from './flows/detection/watch-assets.ts'
import { createDrillWatch } from './flows/ticket/watch-drills.ts'
import { createDutyWatch } from './flows/duty/watch-duty.ts'
import { createWorksRegister } from './flows/notice/works-register.ts'
import { DATABASE } from './disk/installation.ts'
import { openJournal } from './journal/journal.ts'
import { createLiveHub } from './live/live-hub.ts'
import { advance, runSchedule } from './process/schedule.ts'
import { createAttachmentFiles } from './store/attachment-files.ts'
import { startHistoryThread } from './store/readings/history-thread.ts'
import { startForwarder, STORE_CONSUMER } from './store/readings/start-forwarder.ts'
import { createAuditStore } from './store/sql/audit-store.ts'
import { createDecisionStore } from './store/sql/decision-store.ts'
import { createDetectionStore } from './store/sql/detection-store.ts'
import { createProbe } from './store/sql/probe.ts'
import { damagedRows } from './store/sql/stored-rows.ts'
import { openUpgraded } from './store/sql/upgrade.ts'
import { createMappingStore } from './store/sql/mapping-store.ts'
import { networkStore } from './store/sql/network-store.ts'
import { createPolicyStore } from './store/sql/policy-store.ts'
import { createPeopleStore } from './store/sql/people-store.ts'
import { measuredParts } from './wiring/metrics-registry.ts'
import { createChannels } from './notify/create-channels.ts'
import { createNotifier } from './wiring/notifier.ts'
import { openPage } from './wiring/http-server.ts'
import { programs } from './wiring/api-keys.ts'
import { readRules } from './wiring/policy-files.ts'
import { openSenders } from './wiring/senders.ts'
import { watchSelf } from './wiring/health.ts'

const MIB = 1024 * 1024

export interface AppOptions {
  readonly config: Config
  readonly dataDir: DataDir
  readonly log: Log
  /** Where the built page is. */
  readonly pageRoot: string
  /** The demo's devices are simulated: with the manual clock they are mute. */
  readonly simulated?: boolean
}

/** Wires the whole server. Parts are opened from the disk upwards and closed in reverse. */
export async function createApp(options: AppOptions) {
  const { config, dataDir, log } = options
  const clock = clockOf(config, dataDir.path)
  const read = readRules(config, log)

  // What is on disk: decisions in SQL, acknowledged messages in the journal, history in the readings store.
  const db = await openUpgraded(join(dataDir.path, DATABASE), log)
  // The database must bear the installation's id before the first journal segment does.
  dataDir.installation.look()
  const rules = await keepPolicy(createPolicyStore(db), read, clock.now())
  const journalDir = join(dataDir.path, 'journal')
  const journal = await openJournal({
    dir: journalDir,
    installation: dataDir.installation.id,
    consumers: [
      { name: 'detector', mayLose: false },
      { name: STORE_CONSUMER, mayLose: true },
    ],
    segmentBytes: config.journalSegmentMb * MIB,
    capacityBytes: config.journalCapacityMb * MIB,
    evictOnFullDisk: config.influxUrl !== '',
    log,
  })

  // Who and what there is.
  const people = createPeopleStore(db)
  const audit = createAudit(createAuditStore(db), log)
  const firstAdministrator = createFirstAdministrator(people)
  const signIn = createSignIn(people, programs(config, dataDir), dataDir.secret('local'))
  const registry = createNetworkRegistry({
    store: networkStore(db),
    clock,
    log,
    ...(rules.policy.routing === undefined ? {} : { routing: rules.policy.routing }),
  })
  await registry.load()
  const senders = await openSenders({ db, dataDir, clock, network: registry, log })
  const { credentials, quarantine, unknown } = senders

  // From readings to findings, incidents and tickets, and from there to the screens.
  const live = createLiveHub(randomBytes(6).toString('hex'))
  const channels = createChannels(config.notify)
  const decisions = createDecisionStore(db)
  const works = await createWorksRegister(decisions, clock.now())
  const services: Services = {
    store: decisions,
    rules,
    settings: () => DEFAULT_SETTINGS,
    network: registry,
    live,
    onPublishFailed(error) {
      log.error({ err: error }, 'a decision could not be published; every screen reloads its state')
      live.startAnew()
    },
    clock,
    newId: () => randomUUIDv7(),
    person: async (id) => (await people.find(id))?.person,
    subscribers: channels.filter((channel) => channel.audience === 'programs'),
    works,
  }
  const checkIns = await createCheckIns(services, (assetId) => {
    watching.changed(assetId)
  })
  const watching = createAssetWatching({
    network: registry,
    live,
    clock,
    checkInOf: (assetId, at) => shownCheckIn(checkIns.at(assetId, at)),
  })
  const responding = await createLeakResponding({ network: registry, log })
  const recent = createRecentMessages()
  const detector = await createDetector({
    journal,
    network: registry,
    store: createDetectionStore(db),
    settings: DEFAULT_SETTINGS,
    responses: responding.current,
    clock,
    log,
    raise: (findings) => raiseIncidents(services, findings),
    watch: watching,
    checkInAt: (assetId, at) => checkIns.at(assetId, at)?.reason,
    worksAt: (assetId, at) => works.at(assetId, at),
    isMute: () => options.simulated === true && config.clock === 'manual',
    manualClock: config.clock === 'manual',
    recent,
  })
  const storing = startForwarder({
    settings: { ...config, dataDir: dataDir.path },
    journal,
    journalDir,
    network: registry,
    quarantine,
    log,
  })
  const history = startHistoryThread({ ...config, dataDir: dataDir.path }, log)
  const backtests = createBacktests({
    network: registry,
    clock,
    newId: services.newId,
    start: backtestThread({ ...config, dataDir: dataDir.path }),
  })
  const deadlines = createDeadlines(services)
  const roster = await createDutyRoster(services)
  const duty = createDutyLookup(roster)
  const notifying = await createNotifier({
    db,
    channels,
    people,
    live,
    clock,
    log,
    onDuty: rosterOrAccounts(duty, people),
    contact: (id) => duty.people([id], clock.now())[0],
    tickets: services.store.read.tickets,
    waits: config.clock === 'manual',
  })
  const consumers: readonly Consumer[] = [detector, storing]
  const files = await createAttachmentFiles(join(dataDir.path, 'attachments'), config.attachmentsMaxMb * MIB)
  const forgetting = createForgettingCallers({
    store: decisions,
    clock,
    log,
    keepDays: config.callerRetentionDays,
  })
  const dutyWatch = createDutyWatch({ services, roster })
  const timed: readonly Timed[] = [
    detector,
    deadlines,
    dutyWatch,
    checkIns.timed,
    createDrillWatch(services),
    notifying.delivery,
    forgetting,
    createAttachmentCleaner({ store: decisions, files, clock, realNow: Date.now, log }),
  ]

  // The doors: devices by MQTT and HTTP, people by HTTP.
  const { ingest, entrance, foreign } = await openDeviceDoors({
    ...{ config, dataDir: dataDir.path, journal, recent, senders },
    ...{ network: registry, credentials, clock, log },
  })
  const realNow = isManual(clock) ? Date.now : clock.now
  const schedule = isManual(clock) ? undefined : runSchedule(timed, clock, log)
  const counted = { journal, ingest, entrance, storing, detector, notifying, quarantine }
  const walls = createWalls(async (session) => (await signIn.identify(session, realNow())) !== undefined)
  const self = await watchSelf({
    ...counted,
    config,
    dataDir,
    clock,
    network: registry,
    live,
    log,
    steady: isManual(clock) ? undefined : clock,
    probeDatabase: createProbe(db),
    damagedRows: () => damagedRows(db),
    walls,
    schedule: schedule ?? { failing: () => ({}), stuckMs: () => 0 },
  })
  const page = await openPage({
    config,
    log,
    clock,
    services,
    people,
    audit,
    signIn,
    firstAdministrator,
    registry,
    credentials,
    live,
    watching,
    checkIns,
    ingest,
    quarantine,
    unknown,
    self,
    realNow,
    walls,
    metrics: measuredParts({ ...counted, self }),
    outbox: notifying.outbox,
    duty: { services, roster, openItems: openItemsOf(services, watching.snapshot) },
    files,
    backtests,
    detection: detector.account,
    readHistory: createReadHistory({ pages: history, network: registry, clock }),
    disconnect: entrance.disconnect,
    command: entrance.command,
    pageRoot: options.pageRoot,
    mappings: createMappingStore(db),
    foreign,
    basemap: createBasemap(config, { log }),
    mapOrigins: basemapOrigins(config),
    ...(isManual(clock)
      ? { moveClock: (to: number) => advance(clock, to, { parts: timed, consumers }) }
      : { acceptClock: clock.accept }),
  })

  return {
    config,
    clock,
    registry,
    people,
    audit,
    firstAdministrator,
    credentials,
    duty: { services, roster },
    mqttUrl: entrance.url,
    health: self.health,
    /** Opens the page and the API; returns their address. */
    listen: () => page.listen({ host: config.host, port: config.httpPort }),
    http: page,
    async catchUp() {
      for (const consumer of consumers) await consumer.catchUp()
    },
    async close() {
      const inTurn = {
        page,
        backtests,
        entrance,
        self,
        schedule,
        notifications: notifying.delivery,
        watching,
      }
      await closeEach({ ...inTurn, detector, responding, storing, journal, history, audit, senders }, log)
      await db.destroy()
    },
  }
}
export type App = Awaited<ReturnType<typeof createApp>>
