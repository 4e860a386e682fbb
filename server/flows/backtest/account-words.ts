import type { Sentence } from '#contract/incident.ts'
import type { RejectReason } from '#contract/telemetry.ts'
import { DAY, HOUR } from '../../domain/instant.ts'
import type { BacktestChange } from './incidents.ts'

/** Chinese for what the English account says by its name. */
export const CHANGE_WORDS: Readonly<Record<BacktestChange['type'], string>> = {
  opened: '新开',
  updated: '更新',
  closed: '关闭',
  device: '设备故障',
}

export const REASON_WORDS: Readonly<Record<RejectReason, string>> = {
  empty: '空行',
  too_large: '过大',
  not_utf8: '不是 UTF-8',
  not_json: '不是 JSON',
  too_deep: '嵌套过深',
  wrong_shape: '格式不对',
  too_many_samples: '样本过多',
  too_many_signals: '信号过多',
  bad_signal_name: '信号名不对',
  wrong_type: '值的类型不对',
  not_finite: '值不是有限数',
  no_values: '没有值',
  bad_time: '不是时间',
  too_old: '时间过早',
  unknown_event: '未知事件',
  wrong_place: '设施不可能有这个量',
  unknown_device: '未登记的设备',
  unplaced_device: '设备没有登记位置',
  store_refused: '存储拒收',
}

export function listOf(parts: readonly Sentence[]): Sentence {
  return { zh: parts.map(({ zh }) => zh).join(';'), en: parts.map(({ en }) => en).join(', ') }
}

export function lengthText(ms: number): Sentence {
  const [days, hours] = [(ms / DAY).toFixed(1), (ms / HOUR).toFixed(1)]
  return ms >= 2 * DAY
    ? { zh: `${days} 天`, en: `${days} days` }
    : { zh: `${hours} 小时`, en: `${hours} hours` }
}
