/** People, their sessions and keys. Secrets are kept as hashes only. */
export interface PeopleTables {
  person: PersonTable
  session: SessionTable
}

interface PersonTable {
  /** The sign-in name. */
  id: string
  name: string
  /** JSON array of roles. */
  roles: string
  department_id: string | null
  password_hash: string
  created_at: number
  disabled_at: number | null
}

interface SessionTable {
  /** SHA-256 of the random token, hex. */
  token_hash: string
  person_id: string
  created_at: number
  expires_at: number
}
