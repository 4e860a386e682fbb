/** Messages to people and programs on their way. Instants are ms; `json` holds the domain object. */
export interface OutboxTables {
  outbox: OutboxTable
  outbox_channel: OutboxChannelTable
}

export interface OutboxTable {
  id: string
  ticket_id: string
  state: string
  /** Null until it is routed. */
  channel: string | null
  created_at: number
  due_at: number
  failures: number
  why: string | null
  why_en: string | null
  done_at: number | null
  json: string
  /** The people that the roster named, as JSON. */
  reached: string | null
}

interface OutboxChannelTable {
  id: string
  json: string
}
