import type { NetworkFile, PointFeature } from '#contract/network.ts'
import { callOf, type CallKind } from './callers.ts'
import { uniform } from './seeded-random.ts'
import type { Effect } from './effects.ts'
import { isSpare } from './history.ts'
import { pointsOf } from './network-shape.ts'
import { spotOf, writeStory, type Story } from './demo-story.ts'
import { MINUTE, SECOND } from './time.ts'

/** A main has broken, and in twenty minutes come forty alarms and sixty calls, while a wall goes dark. */
const LASTS = 20 * MINUTE
const LEAK_TH = 88
const COVERS = 28
const VENTS = 8
/** More than ten in ten minutes is a flood (ISA-18.2): so many covers come in its first five. */
const FLOOD_COVERS = 14
const FLOOD = 5 * MINUTE
/** One switch that bounces: it opens and closes again and again. */
const CHATTERS = 3
const CHATTER_EVERY = 90 * SECOND
const CALLS: Readonly<Record<CallKind, number>> = { not_hot: 36, cover: 12, well_vent: 6, consult: 6 }
const WALL_DARK_AFTER = 2 * MINUTE

/** The town's worst night, the same each time: for training, and to see whether a desk holds. */
export function writeBadNight(file: NetworkFile, seed: number, startAt: number): Story {
  const [first, ...covers] = wells(file, seed, 'cover_tilt_deg').slice(0, COVERS + 1)
  const vents = wells(file, seed, 'chamber_c')
    .filter((well) => well !== first && !covers.includes(well))
    .slice(0, VENTS)
  const stations = pointsOf(file)
    .filter(({ properties }) => properties.kind === 'station' && !(properties.devices ?? []).some(spare))
    .toSorted(byChance(seed, 'station'))
  const places: Readonly<Record<CallKind, readonly PointFeature[]>> = {
    not_hot: stations,
    cover: covers,
    well_vent: vents,
    consult: stations.toReversed(),
  }
  return {
    leak: { ...writeStory(file, seed, startAt).leak, flowTh: LEAK_TH },
    live: (readyAt) => [
      ...covers.map((well, i) => open(well, readyAt + momentOf(i))),
      ...(first === undefined ? [] : chattering(first, readyAt + MINUTE)),
      ...vents.map((well, i): Effect => {
        const from = readyAt + 20 * SECOND + (i * (LASTS - 4 * MINUTE)) / VENTS
        return { kind: 'well-leak', wellId: well.properties.id, flowTh: 3, from }
      }),
    ],
    calls: (readyAt) =>
      (Object.keys(CALLS) as CallKind[])
        .flatMap((kind) =>
          Array.from({ length: CALLS[kind] }, (_, i) => ({
            kind,
            i,
            well: places[kind][i % places[kind].length],
          })),
        )
        .flatMap(({ kind, i, well }) => {
          if (well === undefined) return []
          const began = kind === 'cover' ? momentOf(i) + MINUTE : (i * (LASTS - 2 * MINUTE)) / CALLS[kind]
          const at = readyAt + began + Math.round(uniform(seed, 'call', kind, String(i)) * 40 * SECOND)
          return [{ at, call: callOf(kind, { seed: seed + 1 + i, spot: spotOf(well), now: at }) }]
        })
        .sort((a, b) => a.at - b.at),
    walls: (readyAt) => [{ name: '大厅东墙', darkAt: readyAt + WALL_DARK_AFTER }],
  }
}

/** The first come close together; the others over the rest of the time. */
function momentOf(i: number): number {
  if (i < FLOOD_COVERS) return 10 * SECOND + (i * FLOOD) / FLOOD_COVERS
  return FLOOD + ((i - FLOOD_COVERS) * (LASTS - FLOOD)) / (COVERS - FLOOD_COVERS)
}

function open(well: PointFeature, from: number, until?: number): Effect {
  const lasting = until === undefined ? {} : { until }
  return { kind: 'cover', wellId: well.properties.id, tiltDeg: 75, open: true, shockG: 1.8, from, ...lasting }
}

function chattering(well: PointFeature, from: number): readonly Effect[] {
  return Array.from({ length: CHATTERS }, (_, i) => {
    const at = from + i * CHATTER_EVERY
    return open(well, at, at + CHATTER_EVERY / 2)
  })
}

/** Wells of the primary network with a device for a signal, in an order that depends on the seed alone. */
function wells(file: NetworkFile, seed: number, signal: string): readonly PointFeature[] {
  return pointsOf(file)
    .filter(({ properties }) => {
      const devices = properties.devices ?? []
      const isPrimary = properties.kind === 'well' && properties.network === 'primary'
      return isPrimary && !devices.some(spare) && devices.some(({ signals }) => signals.includes(signal))
    })
    .toSorted(byChance(seed, signal))
}

function spare({ id }: { readonly id: string }): boolean {
  return isSpare(id)
}

function byChance(seed: number, what: string) {
  const of = ({ properties: { id } }: PointFeature): number => uniform(seed, 'bad night', what, id)
  return (a: PointFeature, b: PointFeature): number => of(a) - of(b)
}
