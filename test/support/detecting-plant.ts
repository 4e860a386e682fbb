import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_SETTINGS } from '../../server/domain/detection/catalogue.ts'
import type { Finding } from '../../server/domain/detection/core/finding.ts'
import type { Instant } from '../../server/domain/instant.ts'
import { createDetector } from '../../server/flows/detection/detector.ts'
import type { Detector, DetectorParts } from '../../server/flows/detection/detector-parts.ts'
import type { DetectionStore } from '../../server/flows/detection/detection-store.ts'
import type { JournalReader, NetworkSource } from '../../server/flows/ports.ts'
import { openJournal, type OpenJournal } from '../../server/journal/journal.ts'
import { openDatabase, type Database } from '../../server/store/sql/database.ts'
import { createDetectionStore } from '../../server/store/sql/detection-store.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { aRowOfWells, time } from './detection-world.ts'
import { silentLog } from './silent-log.ts'

/** When the clock of a plant begins. */
export const PLANT_BEGINS = time('22:50:00')
const network = aRowOfWells()
const source: NetworkSource = { current: () => network, asOf: () => network, onChange: () => () => undefined }

/** A data directory with journal and store; the detector in it can be killed and started again. End it. */
export async function aPlant(
  more: Partial<DetectorParts> = {},
  disk: { tickRefusals?: number; beforeWrite?: () => Promise<void>; journalBytes?: number } = {},
) {
  const dir = mkdtempSync(join(tmpdir(), 'detect-'))
  const clock = { at: PLANT_BEGINS, now: () => clock.at }
  const journal: OpenJournal = await openJournal({
    dir,
    log: silentLog,
    consumers: [{ name: 'detector', mayLose: false }],
    segmentBytes: 128 * 1024,
    capacityBytes: disk.journalBytes ?? 1 << 30,
    keepFree: 0,
  })
  const db: Database = openDatabase(':memory:')
  await migrate(db)
  const store = createDetectionStore(db)
  const end = async (): Promise<void> => {
    await journal.close()
    await db.destroy()
    rmSync(dir, { recursive: true, force: true })
  }
  const raised: Finding[] = []

  /** Starts a detector. `kill` leaves it as `kill -9` would: nothing of it reaches the disk any more. */
  async function start(reader: Partial<JournalReader> = {}): Promise<Detector & { kill(): void }> {
    let dead = false
    const never = new Promise<never>(() => undefined)
    const mortal =
      <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
      (...args: Args): Promise<Result> =>
        dead ? never : work(...args)
    const mortalStore: DetectionStore = {
      load: mortal(() => store.load()),
      write: mortal(async (parts) => {
        await disk.beforeWrite?.()
        await store.write(parts)
      }),
      commit: mortal((checkpoint) => store.commit(checkpoint)),
      forgetOlder: mortal((names) => store.forgetOlder(names)),
      saveTick: mortal(async (tick) => {
        disk.tickRefusals = (disk.tickRefusals ?? 0) - 1
        if (disk.tickRefusals >= 0) throw new Error('database or disk is full')
        await store.saveTick(tick)
      }),
      saveAlive: mortal((at) => store.saveAlive(at)),
    }
    const detecting = await createDetector({
      journal: {
        ...journal,
        read: mortal((from, bytes) => journal.read(from, bytes)),
        advance: () => undefined,
        ...reader,
      },
      network: source,
      store: mortalStore,
      settings: DEFAULT_SETTINGS,
      clock,
      log: silentLog,
      raise: mortal(async (findings: readonly Finding[]) => {
        raised.push(...findings)
      }),
      ...more,
    })
    return {
      ...detecting,
      kill() {
        dead = true
        void detecting.close().catch(() => undefined)
      },
    }
  }

  async function say(deviceId: string, at: Instant, values: Record<string, number | boolean>): Promise<void> {
    const body = Buffer.from(JSON.stringify({ ts: at, values }))
    clock.at = Math.max(clock.at, at)
    await new Promise<void>((resolve, reject) =>
      journal.append({ deviceId, channel: 'telemetry', receivedAt: at, body }, (error) =>
        error ? reject(error) : resolve(),
      ),
    )
  }

  return { clock, journal, store, raised, start, say, end }
}
