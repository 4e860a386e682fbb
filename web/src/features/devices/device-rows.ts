import type { AssetState, DeviceView } from '#contract/live.ts'

export type DeviceStanding = 'fault' | 'silent' | 'unseen' | 'normal'
export interface DeviceRow {
  readonly device: DeviceView
  readonly standing: DeviceStanding
}

/** What a device is in: a fault is more than silence, silence more than never having spoken. */
export function standingOf({ faults, online, lastSeenAt }: DeviceView): DeviceStanding {
  if (faults.some(({ fault }) => fault !== 'silence')) return 'fault'
  if (lastSeenAt === undefined) return 'unseen'
  return faults.length > 0 || !online ? 'silent' : 'normal'
}

const BY_NUMBER = new Intl.Collator('en', { numeric: true })
const RANK: Readonly<Record<DeviceStanding, number>> = { fault: 0, silent: 1, unseen: 2, normal: 3 }

/** Every device of every asset, what needs a person first, then by id. */
export function deviceRows(assets: Iterable<AssetState>): readonly DeviceRow[] {
  return [...assets]
    .flatMap(({ devices }) => devices.map((device) => ({ device, standing: standingOf(device) })))
    .sort((a, b) => RANK[a.standing] - RANK[b.standing] || BY_NUMBER.compare(a.device.id, b.device.id))
}
