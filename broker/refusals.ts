/** Why a connection, a message or a subscription was refused: keys of `stats().refused`. */
export const REFUSALS = [
  'too_many_connections',
  'too_many_pending',
  'connect_timeout',
  'frame_timeout',
  'frame_too_large',
  'malformed',
  'not_connect',
  'second_connect',
  'protocol_level',
  'client_id',
  'user_name',
  'anonymous',
  'id_mismatch',
  'certificate_mismatch',
  'wrong_secret',
  'persistent_session',
  'foreign_will',
  'will_too_large',
  'credentials_unavailable',
  'foreign_topic',
  'foreign_filter',
  'too_many_subscriptions',
  'ingest_failed',
  'tls_handshake',
  'websocket',
] as const
export type RefusalReason = (typeof REFUSALS)[number]

/** Return codes of CONNACK (MQTT 3.1.1, 3.2.2.3). */
export type ConnackCode = 1 | 2 | 3 | 4 | 5
