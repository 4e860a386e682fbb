import { judgeConnect, type ConnectRequest, type ConnectVerdict } from './authenticate.ts'
import { mayReceive, maySubscribe } from './authorize.ts'
import type { BrokerLimits } from './limits.ts'

/** Who comes in at an entrance, and what passes between those who are in. */
export interface EntranceRules {
  judge(
    request: ConnectRequest,
    limits: Pick<BrokerLimits, 'persistentSessions' | 'willBytes'>,
  ): ConnectVerdict
  maySubscribe(clientId: string, filter: string): boolean
  mayReceive(clientId: string, topic: string): boolean
}

/** Devices, each inside its own subtree. */
export const DEVICE_RULES: EntranceRules = { judge: judgeConnect, maySubscribe, mayReceive }

/** The topics that public conformance suites, new and old, expect a broker to refuse. */
const REFUSED_FILTERS: ReadonlySet<string> = new Set(['test/nosubscribe', 'nosubscribe'])

/**
 * Anybody and any topic, for public conformance suites: their client ids and topics are written into
 * them. Nothing that comes in here reaches the journal or a device.
 */
export const OPEN_RULES: EntranceRules = {
  judge: ({ clientId }) => ({ kind: 'device', deviceId: clientId }),
  maySubscribe: (_clientId, filter) => !REFUSED_FILTERS.has(filter) && !isInternal(filter),
  mayReceive: (_clientId, topic) => !isInternal(topic),
}

/** What aedes tells itself. */
export function isInternal(topic: string): boolean {
  return topic === '$SYS' || topic.startsWith('$SYS/')
}
