import { ID_PATTERN } from '#contract/identity.ts'
import { mayPublish } from './authorize.ts'
import type { BrokerLimits } from './limits.ts'
import type { ConnackCode, RefusalReason } from './refusals.ts'

/** What a CONNECT says, before its secret is checked. */
export interface ConnectRequest {
  readonly clientId: string
  readonly username: string | undefined
  readonly clean: boolean
  readonly will?: { readonly topic: string; readonly bytes: number }
  /** Common name of the client's certificate, where the listener asks for one. */
  readonly certificateName?: string
}

export type ConnectVerdict =
  | { readonly kind: 'device'; readonly deviceId: string }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly code: ConnackCode }

/** Client ids that every server must understand ([MQTT-3.1.3-5]); a device id may have another form. */
const ALWAYS_LAWFUL = /^[0-9a-zA-Z]{1,23}$/

/**
 * User name, client id and device id must be equal, since otherwise a credential of another device
 * could take over a connection by its client id.
 */
export function judgeConnect(
  request: ConnectRequest,
  limits: Pick<BrokerLimits, 'persistentSessions' | 'willBytes'>,
): ConnectVerdict {
  const { clientId, username, will, certificateName } = request
  if (username === undefined) return no('anonymous', 5)
  if (!ID_PATTERN.test(username)) return no('user_name', 4)
  if (!ID_PATTERN.test(clientId) && !ALWAYS_LAWFUL.test(clientId)) return no('client_id', 2)
  if (clientId !== username) return no('id_mismatch', 5)
  if (certificateName !== undefined && certificateName !== clientId) return no('certificate_mismatch', 5)
  if (!request.clean && !limits.persistentSessions) return no('persistent_session', 5)
  if (will === undefined) return { kind: 'device', deviceId: clientId }
  if (mayPublish(clientId, will.topic) === undefined) return no('foreign_will', 5)
  if (will.bytes > limits.willBytes) return no('will_too_large', 5)
  return { kind: 'device', deviceId: clientId }
}

function no(reason: RefusalReason, code: ConnackCode): ConnectVerdict {
  return { kind: 'refused', reason, code }
}
