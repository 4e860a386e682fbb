import type { DeviceListAnswer, NewDevice } from '#contract/device-list.ts'
import { isRefusal, type Refusal } from '#contract/problem.ts'
import type { NetworkRegistry } from '../network/change-network.ts'
import type { UnknownSender, UnknownSenders } from '../readings/unknown-senders.ts'
import type { ForeignDoor } from './take-foreign.ts'

export interface AdoptParts {
  readonly network: Pick<NetworkRegistry, 'current' | 'changeDevices'>
  readonly unknown: Pick<UnknownSenders, 'find' | 'forget'>
  readonly door: Pick<ForeignDoor, 'replay'>
}

/**
 * Makes a device of somebody who was heard: under the alias and the gateway by which it was, and with what has
 * waited of it as late readings.
 */
export async function adoptDevice(
  { network, unknown, door }: AdoptParts,
  { heard, device, by }: { readonly heard: UnknownSender; readonly device: NewDevice; readonly by: string },
): Promise<(DeviceListAnswer & { readonly late: number }) | Refusal> {
  const { alias, gateway } = heard
  const standing = network.current().devices.get(device.id)?.aliases ?? []
  const called =
    alias === undefined || gateway === undefined
      ? device
      : { ...device, gateway, aliases: [...new Set([...(device.aliases ?? standing), alias])] }
  const done = await network.changeDevices({ verb: 'put', devices: [called] }, { by })
  if (isRefusal(done)) return done
  unknown.forget(heard.clientId)
  const placed = network.current().devices.get(device.id)
  const late = alias === undefined || placed === undefined ? 0 : await door.replay(alias, placed)
  return { ...done, late }
}
