import type { Generated } from 'kysely'

/** Devices' secrets, as hashes only, and what is remembered of senders. */
export interface DeviceTables {
  device_credential: DeviceCredentialTable
  memory: MemoryTable
  profile: ProfileTable
  gateway: GatewayTable
  gateway_credential: DeviceCredentialTable
  foreign_message: ForeignMessageTable
  waiting_message: WaitingMessageTable
}

interface GatewayTable {
  id: string
  title: string
  /** JSON, ids of profiles. */
  profiles: string
}

/** A message that no profile understood. */
interface ForeignMessageTable {
  id: Generated<number>
  gateway: string
  topic: string
  received_at: number
  body: Uint8Array
  /** JSON, a `LocalizedText`. */
  why: string
}

/** What was said of a device that nobody knew. */
interface WaitingMessageTable {
  id: Generated<number>
  alias: string
  gateway: string
  received_at: number
  /** JSON, a `TranslatedMessage`. */
  message: string
}

interface ProfileTable {
  id: string
  /** JSON, a `ProfileEntry`. */
  entry: string
  changed_at: number
  changed_by: string
}

interface MemoryTable {
  name: string
  json: string
}

export interface DeviceCredentialTable {
  device_id: string
  scheme: 'hmac-sha256' | 'argon2id'
  hash: string
  issued_at: number
  revoked_at: number | null
}
