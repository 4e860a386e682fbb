import { isOutOfRange } from '#contract/signals.ts'
import type { AssetState, DeviceView } from '#contract/live.ts'

export type DeviceStanding = 'fault' | 'silent' | 'mute' | 'unseen' | 'normal'
export interface DeviceRow {
  readonly device: DeviceView
  readonly standing: DeviceStanding
}

/**
 * What a device is in: a fault, also a value that cannot be, is more than silence, silence more than never having spoken. One that speaks
 * without what it should bring is mute.
 */
export function standingOf({ faults, online, lastSeenAt, missing, values }: DeviceView): DeviceStanding {
  if (faults.some(({ fault }) => fault !== 'silence') || Object.entries(values).some(isImpossible))
    return 'fault'
  if (lastSeenAt === undefined) return 'unseen'
  if (faults.length > 0 || !online) return 'silent'
  return missing === undefined ? 'normal' : 'mute'
}

function isImpossible([signal, value]: readonly [string, number | boolean]): boolean {
  return isOutOfRange(signal, value)
}

const BY_NUMBER = new Intl.Collator('en', { numeric: true })
const RANK: Readonly<Record<DeviceStanding, number>> = { fault: 0, silent: 1, mute: 2, unseen: 3, normal: 4 }

/** Every device of every asset, what needs a person first, then by id. */
export function deviceRows(assets: Iterable<AssetState>): readonly DeviceRow[] {
  return [...assets]
    .flatMap(({ devices }) => devices.map((device) => ({ device, standing: standingOf(device) })))
    .sort((a, b) => RANK[a.standing] - RANK[b.standing] || BY_NUMBER.compare(a.device.id, b.device.id))
}
