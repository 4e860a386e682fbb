import type { Acknowledged } from './load.ts'
import { loadDevice } from './network.ts'

/** How many acknowledged samples a store does not have, or has with another value. */
export async function lostSamples(
  kept: readonly Acknowledged[],
  stored: (deviceId: string) => Promise<ReadonlyMap<number, number>>,
): Promise<number> {
  let lost = 0
  for (const [device, samples] of Map.groupBy(kept, ([number]) => number)) {
    const found = await stored(loadDevice(device))
    lost += samples.filter(([, ts, value]) => found.get(ts) !== value).length
  }
  return lost
}
