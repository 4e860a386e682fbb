import type { NetworkFile, PointProperties } from '#contract/network.ts'
import { pipesOf, pointsOf } from '../network-shape.ts'

/** A pressure sensor of the primary network: a device and its signal. */
interface PressureSensor {
  readonly device: string
  readonly signal: string
  readonly at: string
}

/** Where things can go wrong in a network. */
export interface CandidateSites {
  readonly trunkWells: readonly string[]
  readonly branchWells: readonly string[]
  /** Dead ends: stations, which are the last points of their branch. */
  readonly leaves: readonly string[]
  readonly pressureSensors: readonly PressureSensor[]
  /** Wells whose cover, and whose chamber on either network, is watched. */
  readonly covers: readonly string[]
  readonly hotChambers: readonly string[]
  readonly coolChambers: readonly string[]
  /** Stations whose secondary side is measured. */
  readonly stations: readonly string[]
  readonly batteryDevices: readonly string[]
  /** Valves on a loop: shutting one of them cuts nobody off. */
  readonly loopValves: readonly string[]
}

export function candidateSitesOf(file: NetworkFile): CandidateSites {
  const points = pointsOf(file).map(({ properties }) => properties)
  const trunk = new Set(
    pipesOf(file).flatMap(({ properties: p }) => (p.class === 'trunk' ? [p.from, p.to] : [])),
  )
  const wells = points.filter(({ kind }) => kind === 'well')
  const hot = wells.filter(({ network }) => network === 'primary')
  const having = (among: readonly PointProperties[], signal: string) =>
    among
      .filter(({ devices = [] }) => devices.some(({ signals }) => signals.includes(signal)))
      .map(({ id }) => id)
  return {
    trunkWells: hot.filter(({ id }) => trunk.has(id)).map(({ id }) => id),
    branchWells: hot.filter(({ id }) => !trunk.has(id)).map(({ id }) => id),
    leaves: points.filter(({ kind }) => kind === 'station').map(({ id }) => id),
    pressureSensors: points.flatMap((point) => pressureSensors(point)),
    covers: having(wells, 'cover_tilt_deg'),
    hotChambers: having(hot, 'chamber_c'),
    coolChambers: having(wells, 'chamber_c').filter((id) => !hot.some((well) => well.id === id)),
    stations: having(
      points.filter(({ kind }) => kind === 'station'),
      'secondary_return_mpa',
    ),
    batteryDevices: points.flatMap(({ devices = [] }) =>
      devices.filter(({ power }) => power === 'battery').map(({ id }) => id),
    ),
    loopValves: loopValves(file),
  }
}

function pressureSensors({ id: at, kind, devices = [] }: PointProperties): PressureSensor[] {
  // The source's own pressures are what everything is compared with: they are not among the failing ones.
  if (kind === 'source') return []
  return devices.flatMap(({ id: device, signals }) =>
    signals
      .filter((signal) => /^(pressure|primary_(supply|return))_mpa$/.test(signal))
      .map((signal) => ({ device, signal, at })),
  )
}

function loopValves(file: NetworkFile): string[] {
  const valves = pointsOf(file).filter(({ properties }) => properties.kind === 'valve')
  const primary = pipesOf(file).filter(({ properties }) => properties.network === 'primary')
  const source = pointsOf(file).find(({ properties }) => properties.kind === 'source')?.properties.id ?? ''
  const total = reachable(primary, source, '').size
  // The valve itself is no longer reached from both sides, and that is all.
  return valves
    .map(({ properties }) => properties.id)
    .filter((id) => reachable(primary, source, id).size === total - 1)
}

function reachable(pipes: ReturnType<typeof pipesOf>, source: string, shut: string): ReadonlySet<string> {
  const next = new Map<string, string[]>()
  for (const {
    properties: { from, to },
  } of pipes) {
    if (from === shut || to === shut) continue
    next.set(from, [...(next.get(from) ?? []), to])
    next.set(to, [...(next.get(to) ?? []), from])
  }
  const seen = new Set([source])
  for (const id of seen) for (const other of next.get(id) ?? []) seen.add(other)
  return seen
}
