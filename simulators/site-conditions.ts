import type {
  DeviceProperties,
  PointProperties,
  StationProperties,
  WellProperties,
} from '#contract/network.ts'
import { contractionTh, secondaryState } from '#hydraulics'
import { between, smoothNoise } from './seeded-random.ts'
import type { Effect, WellLeak } from './effects.ts'
import { lasts } from './effects.ts'
import { chamberState } from './physics/chamber.ts'
import type { Chamber } from './physics/chamber.ts'
import {
  meanWaterC,
  plantReturnC,
  plantSupplyC,
  secondaryC,
  stationFlow,
  warmingKPerH,
} from './physics/heat.ts'
import type { PrimaryHistory } from './physics/primary-state.ts'
import { inSeason, outdoorC } from './physics/weather.ts'
import { DAY, HOUR, MINUTE } from './time.ts'
import type { Values } from './sample.ts'

export interface SiteFacts {
  readonly seed: number
  readonly primary: PrimaryHistory
  readonly effects: readonly Effect[]
  readonly volumeM3: number
  /** False: the network is heated all the year, as a demo wants it. */
  readonly seasonal: boolean
}

/** What is true at an asset, before any sensor looks at it. */
export type SiteConditions = (asset: PointProperties, device: DeviceProperties, at: number) => Values

/** Water that the network loses at its many small places, in parts of its volume an hour. */
const NORMAL_LOSS = 0.0018
const SEEPAGE_TH = 0.08

export function createSiteConditions(facts: SiteFacts): SiteConditions {
  return (asset, device, at) => {
    const own = deviceTruth(facts, device, at)
    if (asset.kind === 'source') return { ...sourceTruth(facts, asset.id, at), ...own }
    if (asset.kind === 'station') return { ...stationTruth(facts, asset, at), ...own }
    if (asset.kind === 'well') return { ...wellTruth(facts, asset, device, at), ...own }
    return own
  }
}

function sourceTruth({ seed, primary, effects, volumeM3 }: SiteFacts, id: string, at: number): Values {
  const moment = primary.at(at)
  const vented = effects.reduce((sum, e) => sum + (e.kind === 'well-leak' && lasts(e, at) ? e.flowTh : 0), 0)
  const contraction = contractionTh(volumeM3, meanWaterC(seed, at), warmingKPerH(seed, at))
  const normal = volumeM3 * NORMAL_LOSS * (1 + 0.008 * smoothNoise(seed, 'loss', at, 5 * HOUR))
  const control = 0.25 * smoothNoise(seed, 'make-up control', at, 2 * MINUTE)
  return {
    primary_supply_mpa: moment.pressureMpa(id, 'supply'),
    primary_return_mpa: moment.pressureMpa(id, 'return'),
    primary_supply_c: plantSupplyC(seed, at),
    primary_return_c: plantReturnC(seed, at),
    primary_flow_t_h: moment.circulationTh,
    makeup_flow_t_h: Math.max(0, normal + contraction + moment.leakTh + vented + control),
    outdoor_c: outdoorC(seed, at),
  }
}

function stationTruth({ seed, primary, effects }: SiteFacts, station: StationProperties, at: number): Values {
  const { id, nominalFlowTh = 0 } = station
  const moment = primary.at(at)
  const lagMs = between(seed, [8, 45], 'lag', id) * MINUTE
  const lostK = between(seed, [0.4, 2.2], 'lost', id)
  const leak = effects.reduce(
    (sum, e) => sum + (e.kind === 'secondary-leak' && e.stationId === id && lasts(e, at) ? e.flowTh : 0),
    0,
  )
  const loop = {
    holdingMpa: between(seed, [0.27, 0.34], 'holding', id),
    pumpMpa: between(seed, [0.16, 0.22], 'pump', id),
    makeupCapacityTh: Math.max(2, nominalFlowTh * 0.08),
  }
  const pumping = 1 + 0.01 * smoothNoise(seed, `pumping ${id}`, at, HOUR)
  const seepage = SEEPAGE_TH * (1 + 0.3 * smoothNoise(seed, `seepage ${id}`, at, 3 * HOUR))
  const secondary = secondaryState(loop, pumping, leak + Math.max(0, seepage))
  const heat = secondaryC(seed, id, at)
  return {
    primary_supply_mpa: moment.pressureMpa(id, 'supply'),
    primary_return_mpa: moment.pressureMpa(id, 'return'),
    primary_supply_c: plantSupplyC(seed, at - lagMs) - lostK,
    primary_return_c: plantReturnC(seed, at) + between(seed, [-3, 3], 'return', id),
    primary_flow_t_h: nominalFlowTh * stationFlow(seed, id, at),
    secondary_supply_mpa: secondary.supplyMpa,
    secondary_return_mpa: secondary.returnMpa,
    secondary_supply_c: heat.supplyC,
    secondary_return_c: heat.returnC,
    makeup_flow_t_h: secondary.makeupTh,
    outdoor_c: outdoorC(seed, at),
  }
}

function wellTruth(facts: SiteFacts, well: WellProperties, device: DeviceProperties, at: number): Values {
  const { seed, primary, effects } = facts
  const cover = effects.findLast((e) => e.kind === 'cover' && e.wellId === well.id && lasts(e, at))
  const moved = cover?.kind === 'cover' ? cover : undefined
  const leaks = effects.filter((e): e is WellLeak => e.kind === 'well-leak' && e.wellId === well.id)
  const hot = well.network === 'primary'
  const chamber = chamberState(
    chamberOf(facts, well, at),
    leaks.map((leak) => ({
      leakTh: leak.flowTh,
      waterC: hot ? plantSupplyC(seed, at) : secondaryC(seed, well.id, at).supplyC,
      from: leak.from,
      until: leak.until ?? Infinity,
    })),
    at,
  )
  const side = device.side === 'return' ? 'return' : 'supply'
  return {
    cover_tilt_deg: moved?.tiltDeg ?? device.installedTiltDeg ?? 0,
    cover_open: moved?.open ?? false,
    shock_g: moved?.shockG ?? 0.02,
    chamber_c: chamber.airC,
    humidity_pct: chamber.humidityPct,
    water_level_m: chamber.levelM,
    pressure_mpa: hot ? primary.at(at).pressureMpa(well.id, side) : 0.42,
    temperature_c: waterC(facts, { hot, side, id: well.id }, at),
  }
}

function waterC({ seed }: SiteFacts, pipe: { hot: boolean; side: string; id: string }, at: number): number {
  if (!pipe.hot) return secondaryC(seed, pipe.id, at).supplyC
  return pipe.side === 'return' ? plantReturnC(seed, at) : plantSupplyC(seed, at - 15 * MINUTE) - 1
}

/** A chamber is about 40 °C in season and 10 °C off season; over secondary pipes it is cooler. */
function chamberOf({ seed, seasonal }: SiteFacts, well: WellProperties, at: number): Chamber {
  const hot = well.network === 'primary'
  const heated = !seasonal || inSeason(at)
  const pipesC = heated ? (hot ? 40 : 24) : 10
  const own = between(seed, [-4, 4], 'chamber', well.id)
  const weather = 0.1 * (outdoorC(seed, at - 3 * HOUR) + 12)
  const depthM = well.depthM ?? 2.4
  return {
    baseC: pipesC + own + weather + 0.3 * smoothNoise(seed, `air ${well.id}`, at, 2 * HOUR),
    baseHumidityPct:
      between(seed, [52, 78], 'humidity', well.id) + smoothNoise(seed, `damp ${well.id}`, at, 6 * HOUR),
    baseLevelM: between(seed, [0, 0.04], 'level', well.id),
    floorM2: hot ? 9 : 3,
    depthM,
  }
}

/** Battery and radio of a device: a lithium cell sags a little in the cold. */
function deviceTruth({ seed }: SiteFacts, device: DeviceProperties, at: number): Values {
  const cold = Math.min(0, outdoorC(seed, at)) * 0.0015
  const age = between(seed, [0, 900], 'age', device.id) * DAY
  return {
    battery_v: 3.66 - 0.00006 * (age / DAY) + cold,
    rssi_dbm:
      between(seed, [-102, -76], 'radio', device.id) + 2 * smoothNoise(seed, `radio ${device.id}`, at, HOUR),
  }
}
