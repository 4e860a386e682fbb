import type { DeviceTableOrder, DeviceTableRead } from '../flows/network/import-devices.ts'
import type { DeliveryOrder, DeliveryRead } from '../flows/network/read-delivery.ts'

/** What the thread is asked to make of the files. */
export type DeliveryWork =
  ({ readonly as: 'network' } & DeliveryOrder) | ({ readonly as: 'devices' } & DeviceTableOrder)

/** What the thread that reads a delivery says meanwhile and at last. */
export type DeliveryNews =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly read: DeliveryRead | DeviceTableRead }
