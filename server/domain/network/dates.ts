import { parseInstantOfAnyYear, type Instant } from '../instant.ts'

const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/

/**
 * A date of the network file as an instant: a day begins at 00:00 in Asia/Shanghai, an instant carries
 * its own offset. Undefined when it is neither, or no day of the calendar.
 */
export function instantOfDate(text: string): Instant | undefined {
  return parseInstantOfAnyYear(DAY_ONLY.test(text) ? `${text}T00:00:00+08:00` : text)
}

/** The same for a value that has passed the file's check; throws when it has not. */
export function checkedInstant(text: string): Instant {
  const at = instantOfDate(text)
  if (at === undefined) throw new Error(`not a date of a checked network file: ${text}`)
  return at
}
