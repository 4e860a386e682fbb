/** Milliseconds since 1970-01-01T00:00:00Z. Time always arrives as an argument; nothing here reads a clock. */
export type Instant = number

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Asia/Shanghai has been UTC+8 without daylight saving since 1991. */
export const SHANGHAI_OFFSET_MS = 8 * HOUR

/** ISO 8601 with the offset of Asia/Shanghai, to the millisecond only where there are any. */
export function instantText(at: Instant): string {
  const local = new Date(at + SHANGHAI_OFFSET_MS).toISOString()
  return `${local.endsWith('.000Z') ? local.slice(0, 19) : local.slice(0, 23)}+08:00`
}

const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** Reads ISO 8601 with offset; undefined when it is not one. */
export function parseInstant(text: string): Instant | undefined {
  if (!WITH_OFFSET.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}
