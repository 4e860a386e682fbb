/** Tables of the ticket part. */
export interface TicketTables {}
