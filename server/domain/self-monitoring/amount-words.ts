import type { LocalizedText } from '#contract/text.ts'
import { HOUR, MINUTE } from '../instant.ts'

/** Whole minutes of ms, for a detail. */
export function minutesText(ms: number): string {
  return `${String(Math.floor(ms / MINUTE))} min`
}

/** A stretch of ms in the unit that a person would take. */
export function spanWords(ms: number): LocalizedText {
  const amount = (unit: number): string => String(Math.round((ms / unit) * 10) / 10)
  const minutes = String(Math.round(ms / MINUTE))
  if (ms < HOUR) return { zh: `${minutes} 分钟`, en: `${minutes} min` }
  if (ms < 48 * HOUR) return { zh: `${amount(HOUR)} 小时`, en: `${amount(HOUR)} h` }
  return { zh: `${amount(24 * HOUR)} 天`, en: `${amount(24 * HOUR)} days` }
}

/** Bytes as MB or GB. */
export function sizeWords(bytes: number): string {
  const gib = bytes / 1024 ** 3
  return gib >= 1 ? `${gib.toFixed(1)} GB` : `${String(Math.round(bytes / 1024 ** 2))} MB`
}
