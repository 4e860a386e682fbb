import type { Network, PlacedDevice } from '../../domain/network/network.ts'
import { plainAlias } from '../../domain/translation/alias.ts'
import type { NetworkSource } from '../ports.ts'

/**
 * Finds the device that a platform means. One that the platform calls by our own id needs no alias:
 * `name:` and `serial:` are tried as ids too.
 */
export function createAliasLookup(network: NetworkSource): (alias: string) => PlacedDevice | undefined {
  let seen: Network | undefined
  let byAlias = new Map<string, PlacedDevice>()
  return (alias) => {
    const now = network.current()
    if (seen !== now) {
      byAlias = new Map(
        [...now.devices.values()].flatMap((device) =>
          (device.aliases ?? []).map((said) => [plainAlias(said) ?? said, device] as const),
        ),
      )
      seen = now
    }
    return byAlias.get(alias) ?? now.devices.get(/^(?:name|serial):(.*)$/.exec(alias)?.[1] ?? '')
  }
}
