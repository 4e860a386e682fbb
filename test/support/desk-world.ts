import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmergencyFinding } from '../../server/domain/detection/core/finding.ts'
import { DEFAULT_SETTINGS } from '../../server/domain/detection/catalogue.ts'
import type { Person } from '../../server/domain/access/actor.ts'
import { parseInstant, type Instant } from '../../server/domain/instant.ts'
import type { Network } from '../../server/domain/network/network.ts'
import { CHINA_DAYS } from '../../server/domain/policy/china-days.ts'
import { WUDA } from '../../server/domain/policy/wuda.ts'
import type { Rules } from '../../server/domain/ticket/clock.ts'
import type { Services } from '../../server/flows/decisions/decisions.ts'
import { createDeadlines } from '../../server/flows/ticket/tick-deadlines.ts'
import { openDatabase, type Database } from '../../server/store/sql/database.ts'
import { createDecisionStore } from '../../server/store/sql/decision-store.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { anArea, aNetwork, aPipe, aSource, aStation, aWell, place } from './networks.ts'

/** Shanghai time on 2026-01-15, or with its date. */
export function at(text: string): Instant {
  const instant = parseInstant(`${text.includes('T') ? text : `2026-01-15T${text}`}+08:00`)
  if (instant === undefined) throw new Error(`not a time: ${text}`)
  return instant
}

const person = (id: string, role: Person['roles'][number], departmentId?: string): Person => ({
  kind: 'person',
  id,
  name: id,
  roles: [role],
  ...(departmentId === undefined ? {} : { departmentId }),
})

export const PEOPLE = {
  operator: person('operator', 'operator'),
  dispatcher: person('dispatcher', 'dispatcher'),
  dispatcher2: person('dispatcher-2', 'dispatcher'),
  service: person('service', 'service'),
  officer: person('officer-network-ops', 'officer', 'network-ops'),
  crew: person('crew-network-ops', 'crew', 'network-ops'),
  otherOfficer: person('officer-area-1', 'officer', 'area-1'),
  engineer: person('engineer', 'engineer'),
  admin: person('admin', 'admin'),
  wall: person('wall', 'wall'),
} as const

/** A source, a trunk to well W1, on to well W2 and a station, inside one area of 运营部一区. */
export function townNetwork(): Network {
  const source = aSource('S1', place(0, 0))
  const first = aWell('W1', place(500, 0))
  const second = aWell('W2', place(1000, 0))
  const station = aStation('H1', place(1500, 0))
  return aNetwork(
    source,
    first,
    second,
    station,
    aPipe('P1', source, first),
    aPipe('P2', first, second),
    aPipe('P3', second, station, { class: 'branch' }),
    anArea('area-1', place(-1000, -1000), place(5000, 5000)),
  )
}

export interface DeskWorld {
  readonly services: Services
  readonly database: Database
  readonly published: { readonly event: string; readonly id: string; readonly data: unknown }[]
  /** Moves the clock, visiting every due instant on the way. */
  advance(to: Instant): Promise<void>
  /** Lets time pass without anybody looking, then sweeps once. */
  sleepUntil(to: Instant): Promise<void>
  /** Closes the store and opens it again, as a restart would. */
  restart(): Promise<void>
  close(): Promise<void>
}

export async function aDeskWorld(
  start: string,
  options: { network?: Network; rules?: Rules } = {},
): Promise<DeskWorld> {
  const dir = mkdtempSync(join(tmpdir(), 'desk-'))
  const network = options.network ?? townNetwork()
  const published: DeskWorld['published'][number][] = []
  let now = at(start)
  let ids = 0
  let db: Database
  let services: Services
  let deadlines: ReturnType<typeof createDeadlines>

  const boot = async (): Promise<void> => {
    db = openDatabase(join(dir, 'decisions.db'))
    await migrate(db)
    services = {
      store: createDecisionStore(db),
      rules: options.rules ?? { policy: WUDA, calendar: CHINA_DAYS },
      settings: () => DEFAULT_SETTINGS,
      network: { current: () => network, asOf: () => network, onChange: () => () => undefined },
      live: { publish: (event, id, data) => void published.push({ event, id, data }) },
      onPublishFailed(error) {
        throw error
      },
      clock: { now: () => now },
      newId: () => `id-${String((ids += 1)).padStart(6, '0')}`,
      person: async (id) => Object.values(PEOPLE).find((each) => each.id === id),
    }
    deadlines = createDeadlines(services)
  }
  await boot()

  return {
    get services() {
      return services
    },
    get database() {
      return db
    },
    published,
    async advance(to) {
      for (;;) {
        const due = await deadlines.nextDue()
        if (due === undefined || due > to) break
        now = Math.max(now, due)
        await deadlines.run(now)
      }
      now = to
    },
    async sleepUntil(to) {
      now = to
      await deadlines.run(now)
    },
    async restart() {
      await db.destroy()
      await boot()
    },
    async close() {
      await db.destroy()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** What the cover detector says of a held open cover: confirmed by itself. */
export function coverFinding(
  assetId: string,
  when: string,
  more: Partial<EmergencyFinding> = {},
): EmergencyFinding {
  return {
    kind: 'emergency',
    id: `${assetId} cover ${when}`,
    phase: 'raised',
    family: 'cover',
    ticketKind: 'cover',
    rule: 'cover.open',
    at: at(when),
    eventAt: at(when),
    assetId,
    located: true,
    candidates: [{ assetId, share: 1 }],
    logOdds: 5,
    evidence: {
      rule: 'cover.open',
      sentence: { zh: '井盖打开', en: 'cover open' },
      statistic: 'tilt',
      value: 75,
      threshold: 60,
      assets: [assetId],
    },
    ...more,
  }
}

/** A suspected leak in a well: waits in the gate. */
export function suspectFinding(
  assetId: string,
  when: string,
  more: Partial<EmergencyFinding> = {},
): EmergencyFinding {
  return coverFinding(assetId, when, {
    id: `${assetId} well ${when}`,
    family: 'well',
    ticketKind: 'well_vent',
    rule: 'well.suspect',
    logOdds: 1,
    evidence: {
      rule: 'well.suspect',
      sentence: { zh: '井内疑似泄漏', en: 'suspected leak in the well' },
      statistic: 'rise',
      value: 9,
      threshold: 8,
      assets: [assetId],
    },
    ...more,
  })
}
