/** What was known when. Instants are ms. */
export interface AsOfTables {
  incident_version: IncidentVersionTable
  device_fault: DeviceFaultTable
}

/** An incident as it stood from `at` on, until its next version. */
interface IncidentVersionTable {
  incident_id: string
  at: number
  state: string
  json: string
}

/** One line for each device of a finding. */
interface DeviceFaultTable {
  id: string
  device_id: string
  fault: string
  signal: string | null
  raised_at: number
  cleared_at: number | null
}
