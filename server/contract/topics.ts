import { ID_PATTERN } from './identity.ts'

/** Topics of devices. Where a device stands is registry data, never in the topic. */
export const TOPIC_ROOT = 'dh/v1'

export const CHANNELS = ['telemetry', 'event', 'attributes', 'status'] as const
export type Channel = (typeof CHANNELS)[number]

export type DeviceTopic =
  | { readonly deviceId: string; readonly kind: Channel }
  | { readonly deviceId: string; readonly kind: 'command' | 'command_result'; readonly name: string }

/** No device can have such an id, and so none meets a gateway as a client of the broker. */
const GATEWAY_CLIENT = 'gateway/'

/** The client id under which the broker knows a gateway, whatever that calls itself: one connection each. */
export function gatewayClientId(gatewayId: string): string {
  return GATEWAY_CLIENT + gatewayId
}

/** The gateway behind such a client id; undefined for a device's. */
export function gatewayOfClient(clientId: string): string | undefined {
  return clientId.startsWith(GATEWAY_CLIENT) ? clientId.slice(GATEWAY_CLIENT.length) : undefined
}

/** `dh/v1/{deviceId}/{channel}` */
export function channelTopic(deviceId: string, channel: Channel): string {
  return `${TOPIC_ROOT}/${deviceId}/${channel}`
}

/** `dh/v1/{deviceId}/cmd/{name}`, which only the server publishes. */
export function commandTopic(deviceId: string, name: string): string {
  return `${TOPIC_ROOT}/${deviceId}/cmd/${name}`
}

/** Reads a concrete topic; undefined for anything that is no device topic, wildcards included. */
export function parseTopic(topic: string): DeviceTopic | undefined {
  const levels = topic.split('/')
  const [root, version, deviceId, kind, name, result] = levels
  if (root !== 'dh' || version !== 'v1') return undefined
  if (deviceId === undefined || !ID_PATTERN.test(deviceId)) return undefined
  if (levels.length === 4 && CHANNELS.includes(kind as Channel)) {
    return { deviceId, kind: kind as Channel }
  }
  if (kind !== 'cmd' || name === undefined || !ID_PATTERN.test(name)) return undefined
  if (levels.length === 5) return { deviceId, kind: 'command', name }
  if (levels.length === 6 && result === 'res') return { deviceId, kind: 'command_result', name }
  return undefined
}
