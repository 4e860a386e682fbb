/** Devices' secrets, as hashes only, and what is remembered of senders. */
export interface DeviceTables {
  device_credential: DeviceCredentialTable
  memory: MemoryTable
  profile: ProfileTable
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
