import type { DeviceProperties } from '#contract/network.ts'
import { between, uniform } from '../seeded-random.ts'
import { HOUR, MINUTE, SECOND } from '../time.ts'
import type { OutageEvent } from './scenario.ts'
import type { Dated } from './event-period.ts'
import { isOn } from './event-period.ts'

/** When a sample of a device gets through; undefined: never. */
export type RadioLink = (at: number, urgent: boolean) => readonly number[]

/** Under a metal lid a gap begins now and then and lasts for hours; afterwards comes one late batch. */
const GAP_SLOT = 12 * HOUR
const GAP_SHARE = 0.03
const GAP_H = [0.3, 5] as const
const LOST_SHARE = 0.05
const HICCUP_SHARE = 0.02
const TWICE_SHARE = 0.004
const WIRED_S = [0.2, 3] as const
const BATTERY_S = [1, 25] as const
/** After an outage of the network not everything comes at once. */
const CATCH_UP = 10 * MINUTE

export function createRadioLink(
  seed: number,
  { id, power, intervalS }: DeviceProperties,
  outages: readonly Dated<OutageEvent>[],
): RadioLink {
  const concerned = outages.filter(({ share, from }) => uniform(seed, 'outage', id, from) < share)
  const wired = power !== 'battery'

  function gapEnd(at: number): number | undefined {
    // A gap may reach into the next slot.
    for (const slot of [Math.floor(at / GAP_SLOT), Math.floor(at / GAP_SLOT) - 1]) {
      if (uniform(seed, 'gap', id, slot) >= GAP_SHARE) continue
      const from = (slot + uniform(seed, 'gap from', id, slot)) * GAP_SLOT
      const until = from + between(seed, GAP_H, 'gap hours', id, slot) * HOUR
      if (at >= from && at < until) return until
    }
    return undefined
  }

  return (at, urgent) => {
    // What one wake-up sends keeps its order.
    const way = between(seed, wired ? WIRED_S : BATTERY_S, 'way', id, Math.floor(at / MINUTE)) * SECOND
    const outage = concerned.find((event) => isOn(event, at))
    if (outage !== undefined) return [round(outage.until + uniform(seed, 'catch up', id) * CATCH_UP)]
    if (wired || urgent) return [round(at + way)]
    const gap = gapEnd(at)
    if (gap !== undefined) {
      return uniform(seed, 'lost', id, at) < LOST_SHARE
        ? []
        : [round(gap + uniform(seed, 'batch', id) * MINUTE)]
    }
    const late =
      uniform(seed, 'hiccup', id, at) < HICCUP_SHARE ? Math.min(intervalS * SECOND, 20 * MINUTE) : 0
    const arrival = round(at + way + late)
    return uniform(seed, 'twice', id, at) < TWICE_SHARE ? [arrival, arrival + 4 * SECOND] : [arrival]
  }
}

function round(at: number): number {
  return Math.round(at)
}
