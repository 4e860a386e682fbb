import { gatewayOfClient } from '#contract/topics.ts'
import { DEVICE_ACCESS, type AccessControl } from './access-control.ts'
import type { Done } from './connection.ts'

/** Clients that speak for devices of other platforms, on topics that are not ours. */
export interface GatewayAccess {
  has(gatewayId: string): boolean
  /** Whether it publishes there: its profiles say. */
  mayPublish(gatewayId: string, topic: string): boolean
  /** Whether it may wait for something there, though nothing is ever sent to it. */
  maySubscribe(gatewayId: string, filter: string): boolean
  /** Calls back once the message is on disk; an error means that it is not. */
  take(gatewayId: string, message: { readonly topic: string; readonly bytes: Buffer }, done: Done): void
}

/** Devices as ever, and gateways on the topics of their profiles. */
export function accessOf(gateways: GatewayAccess): AccessControl {
  return {
    judge(request, limits) {
      const gateway = gatewayOfClient(request.clientId)
      if (gateway === undefined || gateway !== request.username) return DEVICE_ACCESS.judge(request, limits)
      const { will, clean } = request
      if (!clean && !limits.persistentSessions)
        return { kind: 'refused', reason: 'persistent_session', code: 5 }
      if (will !== undefined && !gateways.mayPublish(gateway, will.topic))
        return { kind: 'refused', reason: 'foreign_will', code: 5 }
      if (will !== undefined && will.bytes > limits.willBytes)
        return { kind: 'refused', reason: 'will_too_large', code: 5 }
      return { kind: 'device', deviceId: request.clientId }
    },
    maySubscribe(clientId, filter) {
      const gateway = gatewayOfClient(clientId)
      if (gateway === undefined) return DEVICE_ACCESS.maySubscribe(clientId, filter)
      return gateways.maySubscribe(gateway, filter)
    },
    mayReceive: (clientId, topic) =>
      gatewayOfClient(clientId) === undefined && DEVICE_ACCESS.mayReceive(clientId, topic),
  }
}
