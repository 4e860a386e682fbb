import type { AuditTables } from './audit-tables.ts'
import type { DeviceTables } from './device-tables.ts'
import type { DutyTables } from './duty-tables.ts'
import type { NetworkTables } from './network-tables.ts'
import type { OutboxTables } from './outbox-tables.ts'
import type { AsOfTables } from './as-of-tables.ts'
import type { PeopleTables } from './people-tables.ts'
import type { TicketTables } from './ticket-tables.ts'
import type { DetectionTables } from './detection-tables.ts'

/** Every table of the store of decisions; each part describes its own beside its migration. */
export interface Tables
  extends
    PeopleTables,
    NetworkTables,
    TicketTables,
    DetectionTables,
    DeviceTables,
    OutboxTables,
    AsOfTables,
    DutyTables,
    AuditTables {}
