import type { DeliveryRead } from '../flows/network/read-delivery.ts'

/** What the thread that reads a delivery says meanwhile and at last. */
export type DeliveryNews =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly read: DeliveryRead }
