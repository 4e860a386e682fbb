import type { AssetKind } from '#contract/vocabulary.ts'
import { chamber } from './chamber.ts'
import { cover } from './cover.ts'
import { hotReturn } from './hot-return.ts'
import type { DeviceRule } from './rule.ts'
import { station } from './station.ts'

/** Every rule over the readings of one device, in the order in which they are evaluated. */
export const DEVICE_RULES: readonly DeviceRule[] = [cover, chamber, station, hotReturn]

const at = (kind: AssetKind): readonly DeviceRule[] => DEVICE_RULES.filter((rule) => rule.at.includes(kind))

const BY_KIND: Readonly<Record<AssetKind, readonly DeviceRule[]>> = {
  source: at('source'),
  station: at('station'),
  well: at('well'),
  valve: at('valve'),
  pipe: at('pipe'),
}

/** The rules that watch devices at an asset of this kind: the same array each time, for every reading asks. */
export function rulesAt(kind: AssetKind): readonly DeviceRule[] {
  return BY_KIND[kind]
}
