export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** Asia/Shanghai, without daylight saving since 1991. */
export const SHANGHAI_OFFSET = 8 * HOUR

/** Days since 1 January in Shanghai, with the fraction of the day. */
export function dayOfYear(at: number): number {
  const local = new Date(at + SHANGHAI_OFFSET)
  return (local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / DAY
}

/** Hours since midnight in Shanghai. */
export function hourOfDay(at: number): number {
  return ((at + SHANGHAI_OFFSET) % DAY) / HOUR
}
