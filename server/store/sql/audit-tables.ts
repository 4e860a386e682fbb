import type { Generated } from 'kysely'

/** Who did what from where; append-only, each row a link of a hash chain. */
export interface AuditTables {
  audit: {
    seq: Generated<number>
    at: number
    who: string
    address: string | null
    action: string
    subject: string
    status: number
    link: string
  }
}
