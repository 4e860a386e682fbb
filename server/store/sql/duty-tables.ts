import type { Generated } from 'kysely'

/** Duty: rosters, exceptions, phone tests, handovers and checklists. All append-only; instants are ms. */
export interface DutyTables {
  duty_plan: { department_id: string; version: number; json: string }
  duty_settings: { version: number; json: string }
  duty_exception: { seq: Generated<number>; id: string; json: string }
  duty_cancellation: { exception_id: string; at: number; person_id: string; person_name: string }
  /** Each is raised once. */
  duty_alarm: { key: string; at: number }
  duty_phone_test: { seq: Generated<number>; id: string; turn_from: number; json: string }
  handover: HandoverTable
  handover_signature: { handover_id: string; side: string; json: string }
  /** The later handover in which an unsigned one continues; there is one at most. */
  handover_carry: { handover_id: string; into_id: string }
  contingency_tick: { seq: Generated<number>; id: string; ticket_id: string; json: string }
}

interface HandoverTable {
  id: string
  department_id: string
  opened_at: number
  json: string
}
