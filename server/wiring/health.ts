import { randomUUIDv7 } from 'node:crypto'
import { join } from 'node:path'
import type { SystemHealth } from '#contract/live.ts'
import type { SteadyClock } from '../process/clock.ts'
import type { Config } from '../config.ts'
import type { DataDir } from '../disk/data-dir.ts'
import { instantText } from '../domain/instant.ts'
import { troublesOf, type PartsState, type PartTrouble } from '../domain/self-monitoring/trouble.ts'
import type { Entrance } from './entrance.ts'
import type { Detector } from '../flows/detection/detector-parts.ts'
import { startHeartbeat, type Heartbeat } from '../flows/self-monitoring/heartbeat.ts'
import type { Ingest } from '../flows/readings/ingest.ts'
import type { OpenQuarantine } from '../flows/readings/quarantine.ts'
import type { Clock, LiveFeed, Log, NetworkSource } from '../flows/ports.ts'
import { createRoomOnDisk } from '../flows/self-monitoring/room-on-disk.ts'
import { createUnmoved } from '../flows/self-monitoring/unmoved.ts'
import type { Walls } from '../flows/self-monitoring/walls.ts'
import { watchSystem } from '../flows/self-monitoring/watch-system.ts'
import { createBallast } from '../journal/ballast.ts'
import { realDisk } from '../journal/disk.ts'
import type { OpenJournal } from '../journal/journal.ts'
import { createGuard } from '../notify/guard.ts'
import { ping } from '../notify/ping.ts'
import type { Notifier } from './notifier.ts'
import { connectionLimits, openFileLimit } from '../process/open-files.ts'
import type { Schedule } from '../process/schedule.ts'
import type { ReadingsForwarder } from '../store/readings/start-forwarder.ts'

export interface SelfWatchOptions {
  readonly config: Config
  readonly dataDir: DataDir
  readonly clock: Clock
  /** Absent with the manual clock. */
  readonly steady: SteadyClock | undefined
  readonly network: NetworkSource
  readonly journal: OpenJournal
  readonly probeDatabase: () => Promise<void>
  readonly damagedRows: () => readonly string[]
  readonly ingest: Ingest
  readonly entrance: Entrance
  readonly storing: ReadingsForwarder
  readonly detector: Detector
  readonly notifying: Notifier
  readonly quarantine: Pick<OpenQuarantine, 'counts'>
  readonly walls: Walls
  readonly schedule: Pick<Schedule, 'failing' | 'stuckMs'>
  readonly live: LiveFeed
  readonly log: Log
}

export interface SelfWatch {
  health(): SystemHealth
  /** The troubles of this moment, those too that no screen shows yet. */
  troubles(): readonly PartTrouble[]
  heartbeatAt(): number
  close(): Promise<void>
}

const PROBE_EVERY_MS = 5000
const PROBE_AGAIN_MS = 2000
/** Largest share of the disk that the ballast takes. */
const BALLAST_SHARE = 0.05
const MIB = 1024 * 1024

/** The state of every part: for the screens, for `/readyz` and for the heartbeat to an outside watch. */
export async function watchSelf(options: SelfWatchOptions): Promise<SelfWatch> {
  const { config, dataDir, clock, journal, storing, detector, notifying, entrance, ingest, live, log } =
    options
  const space = () => realDisk.space(dataDir.path)
  const ballastBytes = Math.min(config.ballastMb * MIB, (await space()).totalBytes * BALLAST_SHARE)
  const room = await createRoomOnDisk({
    space,
    reserve: await createBallast(join(dataDir.path, 'reserve'), { bytes: Math.floor(ballastBytes) }),
    log,
  })
  const connectionLimit =
    config.mqttUrl === '' ? connectionLimits(openFileLimit(), config.mqttMaxConnections).mqtt : Infinity
  let databaseProblem: string | undefined
  const detectorUnmoved = createUnmoved({ position: detector.position, hasWork: () => detector.lag() > 0 })
  const storeUnmoved = createUnmoved({ position: storing.position, hasWork: () => storing.lag() > 0 })
  const devicesUnmoved = createUnmoved({ position: messages, hasWork: isAnyDeviceExpected })

  await probe()
  let probing: Promise<void> | undefined
  let timer = setTimeout(probeAgain, PROBE_EVERY_MS)
  const watch = watchSystem({
    state,
    clock,
    log,
    alarming: { live, newId: () => randomUUIDv7() },
    changed: () => live.publish('health', 'system', health()),
  })
  const heartbeat = heartbeatOf(config, { troubles, log })

  return {
    health,
    troubles,
    heartbeatAt: () => heartbeat?.lastAt() ?? 0,
    async close() {
      clearTimeout(timer)
      watch.close()
      await heartbeat?.close()
      await probing
    },
  }

  function troubles(): readonly PartTrouble[] {
    return troublesOf(state())
  }

  async function probe(): Promise<void> {
    databaseProblem = await options.probeDatabase().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    // The database knows which sessions of wall displays have ended.
    if (databaseProblem === undefined) await options.walls.look().catch(() => undefined)
    try {
      options.steady?.remember()
    } catch (error) {
      log.warn({ err: error }, 'the time could not be saved for the next start')
    }
    const isFull = [databaseProblem, storing.problem()].some((why) => why?.includes('full') === true)
    await room
      .look(isFull)
      .catch((error: unknown) => log.error({ err: error }, 'the free disk space could not be read'))
  }

  function probeAgain(): void {
    probing = probe().then(() => {
      timer = setTimeout(probeAgain, databaseProblem === undefined ? PROBE_EVERY_MS : PROBE_AGAIN_MS)
    })
  }

  function messages(): number {
    return Object.values(ingest.counts().messages).reduce((sum, count) => sum + count, 0)
  }

  function isAnyDeviceExpected(): boolean {
    if (config.clock === 'manual') return false
    return options.network
      .current()
      .devices.values()
      .some(({ power }) => power !== 'battery')
  }

  function state(): PartsState {
    const { refusing, behindConsumer } = journal.stats()
    return {
      brokerIsExternal: config.mqttUrl !== '',
      brokerConnected: entrance.connected(),
      sessionsUnsaved: entrance.stats().unsaved,
      connectionLimit,
      deviceCount: options.network.current().devices.size,
      journalRefuses: refusing,
      journalBehindConsumer: behindConsumer,
      filesMissing: dataDir.installation.missing(),
      filesSetAside: dataDir.installation.setAside(),
      databaseProblem,
      damagedRows: options.damagedRows(),
      scheduleFails: options.schedule.failing(),
      scheduleStuckMs: options.schedule.stuckMs(),
      detectorProblem: detector.problem(),
      detectorUnsaved: detector.unsaved(),
      detectorStuckMs: detectorUnmoved(),
      isolatedDevices: Object.keys(detector.isolated()),
      storeKind: storeKind(config),
      storeProblem: storing.problem(),
      storeStuckMs: storeUnmoved(),
      storeRelapses: storing.relapses(),
      unstorableMessages: storing.unstorable.count(),
      unstorableDir: storing.unstorable.dir,
      telemetrySilentMs: devicesUnmoved(),
      failingChannels: notifying.channels().failing,
      clockHeldMs: options.steady?.held(),
      diskIsLow: room.isLow,
      diskFreeBytes: room.freeBytes,
      heartbeatProblem: heartbeat?.problem(),
      walls: options.walls.awaited(),
    }
  }

  function health(): SystemHealth {
    const { clients, messagesPerMinute } = entrance.stats()
    const { usedBytes, capacityBytes, refusing } = journal.stats()
    const { configured, failing } = notifying.channels()
    return {
      at: instantText(clock.now()),
      broker: { ok: entrance.connected(), clients, messagesPerMinute },
      journal: {
        ok: refusing === undefined,
        pending: Math.max(storing.lag(), detector.lag()),
        capacityLeft: Math.max(0, 1 - usedBytes / capacityBytes),
      },
      store: { ...partHealth(storing), kind: storeKind(config) },
      detector: partHealth(detector),
      disk: { ok: !room.isLow, freeBytes: room.freeBytes },
      channels: { configured, failing: failing.length },
      rejected: options.quarantine.counts(),
      clock: config.clock,
      troubles: [...watch.troubles()],
    }
  }
}

function heartbeatOf(
  { heartbeatUrl: url, notify }: Config,
  parts: { readonly troubles: () => readonly PartTrouble[]; readonly log: Log },
): Heartbeat | undefined {
  if (url === '') return undefined
  const guard = createGuard(notify.allow)
  return startHeartbeat({ ...parts, send: (signal) => ping({ url, guard }, signal) })
}

function partHealth(part: { lag(): number; problem(): string | undefined }) {
  const problem = part.problem()
  return { ok: problem === undefined, lagMessages: part.lag(), ...(problem === undefined ? {} : { problem }) }
}

function storeKind({ influxUrl, influxVersion }: Config): string {
  return influxUrl === '' ? 'embedded' : `InfluxDB ${String(influxVersion)}`
}
