import type { JournalEntry } from '../../server/flows/ports.ts'

/** The number that `aMessage` put into a record. */
export function numberOf(entry: JournalEntry): number {
  return (JSON.parse(Buffer.from(entry.message.body).toString()) as { n: number }).n
}
