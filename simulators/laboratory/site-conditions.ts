import type {
  DeviceProperties,
  PointProperties,
  StationProperties,
  WellProperties,
} from '#contract/network.ts'
import { contractionTh, secondaryState } from '#hydraulics'
import { between, uniform, smoothNoise } from '../seeded-random.ts'
import { chamberState } from '../physics/chamber.ts'
import { measured } from '../physics/sensor.ts'
import { DAY, HOUR, MINUTE } from '../time.ts'
import type { Values } from '../sample.ts'
import type { HeatPlant } from './heat-plant.ts'
import type { PrimaryHydraulics } from './primary-hydraulics.ts'
import type { CoverEvent, FoundWells, SecondaryLeakEvent, WellLeakEvent, WorksEvent } from './scenario.ts'
import type { Dated } from './event-period.ts'
import { isOn, ofKind } from './event-period.ts'

export interface GaugeFacts {
  readonly seed: number
  readonly plant: HeatPlant
  readonly primary: PrimaryHydraulics
  readonly volumeM3: number
  readonly events: readonly Dated[]
  /** Wells of each station's secondary network: what they lose its make-up replaces. */
  readonly wellsBehind: ReadonlyMap<string, readonly string[]>
  readonly found?: FoundWells | undefined
}

/** What a device shows at an instant. */
export type SiteConditions = (at: number) => Values

type Reading = (at: number) => number | boolean

/** Battery and radio are told only every four hours. */
const REMARK_EVERY = 4 * HOUR
const REMARKS: readonly string[] = ['battery_v', 'rssi_dbm']
/** A transmitter stands off the truth by its calibration, MPa; half of those in wells show whole kPa. */
const BIAS_MPA = 0.006
const CELLS_NEW = Date.UTC(2025, 0, 1)
/** Water that is lost without any leak, in parts of the volume an hour. */
const NORMAL_LOSS = [0.0007, 0.0018] as const

/** The gauge of a device where it stands. */
export function createSiteConditions(
  facts: GaugeFacts,
  asset: PointProperties,
  device: DeviceProperties,
): SiteConditions {
  const { seed } = facts
  const truth = { ...placeReadings(facts, asset, device), ...deviceReadings(facts, device) }
  const own = device.signals.flatMap((signal) => {
    const reading = truth[signal]
    if (reading === undefined) return []
    const bias = signal.endsWith('_mpa') ? between(seed, [-BIAS_MPA, BIAS_MPA], 'bias', device.id, signal) : 0
    return [{ signal, reading, bias, remark: REMARKS.includes(signal) }]
  })
  const coarse = device.id.startsWith('pressure-') && between(seed, [0, 1], 'coarse', device.id) < 0.5
  return (at) => {
    const values: Record<string, number | boolean> = {}
    const remarks = at % REMARK_EVERY < 15 * MINUTE || device.intervalS * 1000 >= REMARK_EVERY
    for (const { signal, reading, bias, remark } of own) {
      if (remark && !remarks) continue
      const value = reading(at)
      if (typeof value === 'boolean') values[signal] = value
      else {
        const shown = measured(value + bias, { seed, deviceId: device.id, signal, at })
        values[signal] = coarse && signal === 'pressure_mpa' ? Math.round(shown * 1000) / 1000 : shown
      }
    }
    return values
  }
}

function placeReadings(
  facts: GaugeFacts,
  asset: PointProperties,
  device: DeviceProperties,
): Readonly<Record<string, Reading>> {
  if (asset.kind === 'source') return sourceReadings(facts, asset.id)
  if (asset.kind === 'station') return stationReadings(facts, asset)
  return asset.kind === 'well' ? wellReadings(facts, asset, device) : {}
}

function sourceReadings(facts: GaugeFacts, id: string): Readonly<Record<string, Reading>> {
  const { seed, plant, primary, volumeM3, events } = facts
  const secondary = new Set([...facts.wellsBehind.values()].flat())
  const wellLeaks = ofKind(events, 'well-leak').filter(({ at }) => !secondary.has(at))
  const lossTh = volumeM3 * between(seed, NORMAL_LOSS, 'normal loss')
  return {
    primary_supply_mpa: (at) => primary.pressureMpa(id, 'supply', at),
    primary_return_mpa: (at) => primary.pressureMpa(id, 'return', at),
    primary_supply_c: plant.supplyC,
    primary_return_c: plant.returnC,
    primary_flow_t_h: (at) =>
      primary.circulationTh(at) * (1 + 0.001 * smoothNoise(seed, 'meter', at, 6 * HOUR)),
    outdoor_c: plant.outdoorC,
    makeup_flow_t_h(at) {
      const seepage =
        1 +
        0.04 * smoothNoise(seed, 'loss', at, 30 * HOUR) +
        0.03 * smoothNoise(seed, 'loss fast', at, 3 * HOUR)
      const control = (0.2 + 0.03 * lossTh) * smoothNoise(seed, 'make-up control', at, 4 * MINUTE)
      const vented = wellLeaks.reduce((sum, leak) => sum + (isOn(leak, at) ? leak.th : 0), 0)
      const cooled = contractionTh(volumeM3, plant.meanC(at), -plant.coolingKh(at))
      return Math.max(
        0,
        lossTh * seepage + control + cooled + primary.leakTh(at) + vented + plant.fillingTh(at),
      )
    },
  }
}

function stationReadings(facts: GaugeFacts, station: StationProperties): Readonly<Record<string, Reading>> {
  const { seed, plant, primary, events } = facts
  const { id, nominalFlowTh = 0 } = station
  const wells = facts.wellsBehind.get(id) ?? []
  const leaks: readonly Dated<SecondaryLeakEvent | WellLeakEvent>[] = ofKind(
    events,
    'secondary-leak',
    'well-leak',
  ).filter(({ at }) => at === id || wells.includes(at))
  const lagMs = between(seed, [10, 90], 'lag', id) * MINUTE
  const lostK = between(seed, [0.4, 2.5], 'lost', id)
  const backK = between(seed, [-3, 3], 'return', id)
  const loop = {
    holdingMpa: between(seed, [0.25, 0.36], 'holding', id),
    pumpMpa: between(seed, [0.14, 0.22], 'pump', id),
    makeupCapacityTh: Math.max(2, nominalFlowTh * 0.08),
  }
  const seepageTh = between(seed, [0.03, 0.2], 'seepage', id)
  const secondary = (at: number) => {
    const pumping = 1 + 0.012 * smoothNoise(seed, `pumping ${id}`, at, HOUR)
    const lost = leaks.reduce((sum, leak) => sum + (isOn(leak, at) ? leak.th : 0), 0)
    const seepage = seepageTh * Math.max(0, 1 + 0.3 * smoothNoise(seed, `seepage ${id}`, at, 3 * HOUR))
    return secondaryState(loop, pumping, lost + seepage)
  }
  return {
    primary_supply_mpa: (at) => primary.pressureMpa(id, 'supply', at),
    primary_return_mpa: (at) => primary.pressureMpa(id, 'return', at),
    primary_supply_c: (at) => plant.supplyC(at - lagMs) - lostK,
    primary_return_c: (at) =>
      plant.returnC(at + HOUR / 2) + backK + 0.4 * smoothNoise(seed, `back ${id}`, at, HOUR),
    primary_flow_t_h: (at) => primary.stationTh(id, at),
    secondary_supply_mpa: (at) => secondary(at).supplyMpa,
    secondary_return_mpa: (at) => secondary(at).returnMpa,
    secondary_supply_c: (at) => 42 + 26 * plant.load(at) + 0.4 * smoothNoise(seed, `supply ${id}`, at, HOUR),
    secondary_return_c: (at) => 36 + 10 * plant.load(at) + 0.3 * smoothNoise(seed, `cool ${id}`, at, HOUR),
    makeup_flow_t_h: (at) => secondary(at).makeupTh,
    outdoor_c: plant.outdoorC,
  }
}

function wellReadings(
  facts: GaugeFacts,
  well: WellProperties,
  device: DeviceProperties,
): Readonly<Record<string, Reading>> {
  const { plant, primary, events } = facts
  const hot = well.network === 'primary'
  const side = device.side === 'return' ? 'return' : 'supply'
  const covers: readonly Dated<CoverEvent | WorksEvent>[] = ofKind(events, 'cover', 'works').filter(
    ({ at }) => at === well.id,
  )
  const leaks: readonly Dated<WellLeakEvent>[] = ofKind(events, 'well-leak').filter(
    ({ at }) => at === well.id,
  )
  const moved = (at: number) => covers.findLast((event) => isOn(event, at))
  const leanDeg = isFound(facts, 'leaning', well.id)
    ? between(facts.seed, LEANING_DEG, 'leaning', well.id)
    : (device.installedTiltDeg ?? 0)
  const chamber = (at: number) => {
    const waterC = hot ? plant.supplyC(at) : 45
    const inside = leaks.map(({ th, from, until }) => ({ leakTh: th, waterC, from, until }))
    return chamberState(chamberOf(facts, well, at), inside, at)
  }
  return {
    cover_tilt_deg(at) {
      const event = moved(at)
      return event === undefined ? leanDeg : event.kind === 'works' ? 85 : event.tiltDeg
    },
    cover_open(at) {
      const event = moved(at)
      return event !== undefined && (event.kind === 'works' || event.state !== 'displaced')
    },
    shock_g: () => 0.02,
    chamber_c: (at) => chamber(at).airC,
    humidity_pct: (at) => chamber(at).humidityPct,
    water_level_m: (at) => chamber(at).levelM,
    pressure_mpa: (at) => primary.pressureMpa(well.id, side, at),
    temperature_c: (at) => (side === 'supply' ? plant.supplyC(at - HOUR / 2) - 1 : plant.returnC(at)),
  }
}

/** Whether a well is one of those. */
export const isFound = (
  { seed, found }: Pick<GaugeFacts, 'seed' | 'found'>,
  how: keyof FoundWells,
  wellId: string,
): boolean => uniform(seed, 'found', how, wellId) < (found?.[how] ?? 0)

/** Ground water: how deep it stands, and how far it moves with the rain [m]. Warm chambers: how much warmer [K]. */
const STANDING_M = [0.12, 1.4] as const
const RAIN_M = [0.01, 0.06] as const
const WARMER_K = [12, 26] as const
const LEANING_DEG = [4, 10] as const

/** About 40 °C over primary pipes in season, cooler over secondary ones; weather comes through the cover. */
function chamberOf(facts: GaugeFacts, well: WellProperties, at: number) {
  const { seed, plant } = facts
  const { id } = well
  const hot = well.network === 'primary'
  const water = hot ? 0.25 * (plant.supplyC(at - 6 * HOUR) - 110) : 0
  const weather = between(seed, [0.05, 0.2], 'draught', id) * (plant.outdoorC(at - 2 * HOUR) + 10)
  const wet = isFound(facts, 'wet', id)
  const warmer = hot && isFound(facts, 'warm', id) ? between(seed, WARMER_K, 'warmer', id) : 0
  const depthM = well.depthM ?? 2.4
  const rain = between(seed, RAIN_M, 'rain', id) * smoothNoise(seed, 'rain', at, 2 * DAY)
  return {
    baseC:
      (hot ? 40 : 24) +
      between(seed, [-5, 5], 'chamber', id) +
      water +
      weather +
      warmer +
      0.4 * smoothNoise(seed, `air ${id}`, at, 2 * HOUR),
    baseHumidityPct: Math.min(
      wet ? 100 : 97,
      between(seed, wet ? [92, 100] : [50, 85], 'humidity', id) +
        3 * smoothNoise(seed, `damp ${id}`, at, 8 * HOUR),
    ),
    baseLevelM: wet
      ? Math.max(0, Math.min(0.7 * depthM, between(seed, STANDING_M, 'standing', id)) + rain)
      : between(seed, [0, 0.04], 'level', id),
    floorM2: hot ? 9 : 3,
    depthM,
  }
}

/** A lithium cell sags in the cold and with age; radio under a metal lid comes and goes. */
function deviceReadings(
  { seed, plant }: GaugeFacts,
  { id }: DeviceProperties,
): Readonly<Record<string, Reading>> {
  const ageDays = between(seed, [0, 700], 'age', id)
  const dbm = between(seed, [-108, -78], 'radio', id)
  return {
    battery_v: (at) =>
      3.66 - 0.00006 * (ageDays + (at - CELLS_NEW) / DAY) + Math.min(0, plant.outdoorC(at)) * 0.001,
    rssi_dbm: (at) => dbm + 2 * smoothNoise(seed, `radio ${id}`, at, HOUR),
  }
}
