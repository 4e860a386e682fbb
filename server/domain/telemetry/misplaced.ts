import { SIGNALS, type SignalDefinition } from '#contract/signals.ts'
import type { AssetKind, DeviceEvent, PointKind } from '#contract/vocabulary.ts'
import type { RejectReason } from '#contract/telemetry.ts'
import type { Decoded } from './decode.ts'
import type { Values } from './values.ts'

const DEVICE_OF = new Map(
  Object.entries<SignalDefinition>(SIGNALS).map(([signal, { device }]) => [signal, device]),
)
const sentBy = (...devices: readonly SignalDefinition['device'][]): ReadonlySet<string> =>
  new Set([...DEVICE_OF].flatMap(([signal, device]) => (devices.includes(device) ? [signal] : [])))

/** Lids and chambers are of wells and valve wells; a station and a heat plant have neither. */
const OF_WELLS = sentBy('cover', 'chamber')
/** What a station or plant measures of its two sides; outdoors is everywhere. */
const OF_STATIONS = sentBy('station')
const NEVER_AT: Readonly<Record<AssetKind, ReadonlySet<string>>> = {
  station: OF_WELLS,
  source: OF_WELLS,
  well: OF_STATIONS,
  valve: OF_STATIONS,
  pipe: OF_STATIONS,
}
const EVENTS_OF_WELLS: ReadonlySet<DeviceEvent> = new Set([
  'cover_open',
  'cover_closed',
  'cover_tilt',
  'cover_tamper',
  'water',
])

/** Whether an asset of this kind can have that signal at all, however plausible its value is. */
export function canStandAt(signal: string, kind: AssetKind): boolean {
  return !NEVER_AT[kind].has(signal)
}

export function canHappenAt(event: DeviceEvent, kind: AssetKind): boolean {
  return !EVENTS_OF_WELLS.has(event) || (kind !== 'station' && kind !== 'source')
}

const WRONG_PLACE: RejectReason = 'wrong_place'

/**
 * Takes out what cannot be true of an asset of this kind, such as a manhole cover of a station: whoever
 * sends it is another device than it says, or stands elsewhere. Plausible values make it no better.
 */
export function rejectMisplaced(decoded: Decoded, kind: PointKind): Decoded {
  if (decoded.kind === 'event') {
    const here = canHappenAt(decoded.event, kind)
    return here ? decoded : { kind: 'malformed', rejected: [{ index: 0, reason: WRONG_PLACE }] }
  }
  if (decoded.kind !== 'telemetry' || decoded.samples.every(({ values }) => speaksOf(values, kind))) {
    return decoded
  }
  const before = new Set(decoded.rejected.map(({ index }) => index))
  const rejected = [...decoded.rejected]
  const samples = []
  let index = -1
  for (const sample of decoded.samples) {
    do index += 1
    while (before.has(index))
    if (speaksOf(sample.values, kind)) samples.push(sample)
    else rejected.push({ index, reason: WRONG_PLACE })
  }
  rejected.sort((a, b) => a.index - b.index)
  return samples.length === 0 ? { kind: 'malformed', rejected } : { ...decoded, samples, rejected }
}

/** Whether a sample speaks of its asset at all: one signal that can stand there, or one that nobody knows. */
function speaksOf(values: Values, kind: PointKind): boolean {
  const foreign = NEVER_AT[kind]
  let strangers = 0
  for (const signal in values) {
    if (!foreign.has(signal)) return true
    strangers += 1
  }
  return strangers === 0
}
