import { judgeConnect, type ConnectRequest, type ConnectVerdict } from './judge-connect.ts'
import { mayReceive, maySubscribe } from './authorize.ts'
import type { BrokerLimits } from './limits.ts'

/** Who may connect to a broker, and which messages pass between its clients. */
export interface AccessControl {
  judge(
    request: ConnectRequest,
    limits: Pick<BrokerLimits, 'persistentSessions' | 'willBytes'>,
  ): ConnectVerdict
  maySubscribe(clientId: string, filter: string): boolean
  mayReceive(clientId: string, topic: string): boolean
}

/** Devices, each within its own subtree of topics. */
export const DEVICE_ACCESS: AccessControl = { judge: judgeConnect, maySubscribe, mayReceive }

/** The topics that public conformance suites, new and old, expect a broker to refuse. */
const REFUSED_FILTERS: ReadonlySet<string> = new Set(['test/nosubscribe', 'nosubscribe'])

/**
 * Any client and any topic, for public conformance suites: their client ids and topics are written into
 * them. None of their messages reaches the journal or a device.
 */
export const OPEN_ACCESS: AccessControl = {
  judge: ({ clientId }) => ({ kind: 'device', deviceId: clientId }),
  maySubscribe: (_clientId, filter) => !REFUSED_FILTERS.has(filter) && !isInternal(filter),
  mayReceive: (_clientId, topic) => !isInternal(topic),
}

/** Topics on which aedes publishes its own events. */
export function isInternal(topic: string): boolean {
  return topic === '$SYS' || topic.startsWith('$SYS/')
}
