/** Devices' secrets, as hashes only. */
export interface DeviceTables {
  device_credential: DeviceCredentialTable
}

export interface DeviceCredentialTable {
  device_id: string
  scheme: 'hmac-sha256' | 'argon2id'
  hash: string
  issued_at: number
  revoked_at: number | null
}
