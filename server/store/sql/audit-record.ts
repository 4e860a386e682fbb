/** The fields of a ticket event that its link in the hash chain covers. */
export interface EventRecord {
  readonly seq: number
  readonly ticket_id: string
  readonly version: number
  readonly id: string
  readonly type: string
  readonly occurred_at: number
  readonly entered_at: number
  readonly json: string
}

export function eventRecord(row: Omit<EventRecord, 'seq'>): readonly (string | number)[] {
  return [row.ticket_id, row.version, row.id, row.type, row.occurred_at, row.entered_at, row.json]
}

/** The fields of an access that its link in the hash chain covers. */
export interface AccessRecord {
  readonly at: number
  readonly who: string
  readonly address: string | null
  readonly action: string
  readonly subject: string
  readonly status: number
}

export function accessRecord(row: AccessRecord): readonly (string | number | null)[] {
  return [row.at, row.who, row.address, row.action, row.subject, row.status]
}
