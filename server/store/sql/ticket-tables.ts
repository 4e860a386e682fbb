import type { Generated } from 'kysely'
import type { MeasuredSpan } from '../../domain/kpi/measured.ts'

/** Tickets, incidents, calls and what belongs to them. Instants are ms; `json` holds the domain object. */
export interface TicketTables {
  ticket: TicketTable
  ticket_event: TicketEventTable
  ticket_number: { day: string; last: number }
  policy_edition: { id: string; since: number; json: string }
  drill: { id: string; until: number; ended_at: number | null; json: string }
  external_call: { number: string; call_id: string; ticket_id: string; fingerprint: string }
  ticket_fact: { ticket_id: string; opened_at: number; shape_id: number } & Record<
    MeasuredSpan,
    number | null
  >
  fact_shape: { id: Generated<number>; json: string }
  incident: IncidentTable
  incident_member: { member_id: string; incident_id: string }
  call: CallTable
  check_in: CheckInTable
  notice: NoticeTable
  attachment: AttachmentTable
  idempotency_key: IdempotencyKeyTable
}

/** The state of a ticket after its last event, for lists and for the sweep. */
interface TicketTable {
  id: string
  number: string
  version: number
  kind: string
  level: string
  state: string
  department_id: string
  incident_id: string | null
  asset_id: string | null
  opened_at: number
  next_due_at: number | null
  /** When its first and its newest event were entered. */
  entered_at: number
  changed_at: number
  /** Text that a search covers: number, address, asset. */
  search: string
  json: string
}

/** History, append-only; `seq` orders all of it, so that a reader can follow it by cursor. */
interface TicketEventTable {
  seq: Generated<number>
  ticket_id: string
  version: number
  id: string
  type: string
  occurred_at: number
  entered_at: number
  json: string
  /** Hash over this row and the link of the row before it. */
  link: string
}

interface IncidentTable {
  id: string
  version: number
  state: string
  opened_at: number
  /** The time of its earliest finding; null without one, for exercises and for merged incidents. */
  first_finding_at: number | null
  /** When its first and its newest version became known. */
  known_at: number
  changed_at: number
  json: string
}

interface CallTable {
  id: string
  ticket_id: string
  incident_id: string | null
  received_at: number
  phone: string
  json: string
}

export interface CheckInTable {
  id: string
  asset_id: string
  reason: string
  person_id: string
  person_name: string
  since: number
  until: number
  ended_at: number | null
}

interface NoticeTable {
  id: string
  kind: string
  received_at: number
  effective_at: number
  until: number | null
  json: string
}

interface AttachmentTable {
  /** 1 once an event or a notice names it. */
  used: number
  id: string
  name: string
  type: string
  bytes: number
  person_id: string
  created_at: number
}

interface IdempotencyKeyTable {
  scope: string
  key: string
  fingerprint: string
  created_at: number
  result: string
}
