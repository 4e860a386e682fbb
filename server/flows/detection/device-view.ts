import type { AssetState, DeviceView } from '#contract/live.ts'
import { DEFAULT_SETTINGS } from '../../domain/detection/catalogue.ts'
import type { DeviceFinding, UpkeepFinding } from '../../domain/detection/core/finding.ts'
import { offlineAfterMs } from '../../domain/detection/health/offline-limit.ts'
import { instantText, type Instant } from '../../domain/instant.ts'
import type { Network, PlacedDevice } from '../../domain/network/network.ts'
import { watchedTogether, type MissingSignal, type Voice } from '../../domain/coverage/missing-signals.ts'

/** What was last heard of a device. */
export interface HeardDevice {
  readonly at: Instant
  readonly online: boolean | undefined
  /** signal → [time, value, arrival of any value]; the newest by the device's own time. */
  readonly values: ReadonlyMap<string, readonly [Instant, number | boolean, Instant]>
  readonly faults: ReadonlyMap<string, DeviceFinding>
  readonly upkeep: ReadonlyMap<string, UpkeepFinding>
}

export function voiceOf(one: HeardDevice | undefined): Voice {
  return {
    heardAt: one?.at ?? 0,
    faults: one?.faults.values() ?? [],
    arrivedAt: (signal) => one?.values.get(signal)?.[2],
  }
}

/** A device as screens show it. */
export function deviceView(
  placed: PlacedDevice,
  one: HeardDevice | undefined,
  { missing, now }: { readonly missing: readonly MissingSignal[]; readonly now: Instant },
): DeviceView {
  const late = one === undefined || now - one.at > offlineAfterMs(placed, DEFAULT_SETTINGS)
  return {
    id: placed.id,
    assetId: placed.assetId,
    signals: [...placed.signals],
    power: placed.power ?? 'wired',
    intervalS: placed.intervalS,
    online: !late && one.online !== false,
    ...(one === undefined || one.at === 0 ? {} : { lastSeenAt: instantText(one.at) }),
    values: Object.fromEntries([...(one?.values ?? [])].map(([signal, [, value]]) => [signal, value])),
    faults: [...(one?.faults.values() ?? [])].map(({ fault, signal, eventAt, evidence }) => ({
      fault,
      ...(signal === undefined ? {} : { signal }),
      since: instantText(eventAt),
      sentence: evidence.sentence,
    })),
    ...(missing.length === 0 ? {} : { missing: missing.map(missingView) }),
    ...(one === undefined || one.upkeep.size === 0
      ? {}
      : { upkeep: [...one.upkeep.values()].map(upkeepView) }),
  }
}

function missingView({ signal, since }: MissingSignal) {
  return since === 0 ? { signal } : { signal, since: instantText(since) }
}

function upkeepView({ eventAt, evidence: { rule, sentence } }: UpkeepFinding) {
  return { rule, since: instantText(eventAt), sentence }
}

/** How an asset is by its devices: a voice that brings nothing of what is watched there is as good as silence. */
export function healthOf({ devices: placed }: Network, devices: readonly DeviceView[]): AssetState['health'] {
  if (devices.length === 0) return 'unwatched'
  const lost = devices.map((one) => lostShare(placed.get(one.id), one))
  if (lost.every((share) => share === 1)) return 'silent'
  return lost.some((share) => share > 0) || devices.some(({ faults }) => faults.length > 0)
    ? 'fault'
    : 'normal'
}

/** Of what a device watches the share of which it brings nothing. */
function lostShare(
  placed: PlacedDevice | undefined,
  { lastSeenAt, faults, missing = [] }: DeviceView,
): number {
  if (lastSeenAt === undefined || faults.some(({ fault }) => fault === 'silence')) return 1
  if (placed === undefined || missing.length === 0) return 0
  const watched = watchedTogether(placed)
  const isLost = (signals: readonly string[]) =>
    signals.every((signal) => missing.some((one) => one.signal === signal))
  return watched.filter(isLost).length / watched.length
}
