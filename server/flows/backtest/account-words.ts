import type { LocalizedText } from '#contract/text.ts'
import { DAY, HOUR } from '../../domain/instant.ts'
import type { BacktestChange } from './incidents.ts'

/** Chinese for what the English account says by its name. */
export const CHANGE_WORDS: Readonly<Record<BacktestChange['type'], string>> = {
  opened: '新开',
  updated: '更新',
  closed: '关闭',
  device: '设备故障',
  upkeep: '维护',
}

export function listOf(parts: readonly LocalizedText[]): LocalizedText {
  return { zh: parts.map(({ zh }) => zh).join(';'), en: parts.map(({ en }) => en).join(', ') }
}

export function lengthText(ms: number): LocalizedText {
  const [days, hours] = [(ms / DAY).toFixed(1), (ms / HOUR).toFixed(1)]
  return ms >= 2 * DAY
    ? { zh: `${days} 天`, en: `${days} days` }
    : { zh: `${hours} 小时`, en: `${hours} hours` }
}
