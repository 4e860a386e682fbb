import type { LocalizedText } from './text.ts'
import type { RejectReason } from './telemetry.ts'

/** Why a message or a sample could not be used, for engineers: each of `REJECT_REASONS` in words. */
export const REJECT_WORDS: Readonly<Record<RejectReason, LocalizedText>> = {
  empty: { zh: '空消息', en: 'empty' },
  too_large: { zh: '消息过大', en: 'too large' },
  not_utf8: { zh: '不是UTF-8', en: 'not UTF-8' },
  not_json: { zh: '不是JSON', en: 'not JSON' },
  too_deep: { zh: '嵌套过深', en: 'nested too deep' },
  wrong_shape: { zh: '格式不对', en: 'wrong shape' },
  too_many_samples: { zh: '一次样本过多', en: 'too many samples' },
  too_many_signals: { zh: '一个样本信号过多', en: 'too many signals' },
  too_many_names: { zh: '设备的信号名超过256个', en: 'more than 256 signal names of one device' },
  bad_signal_name: { zh: '信号名不合规', en: 'bad signal name' },
  wrong_type: { zh: '值的类型不对', en: 'wrong type of value' },
  not_finite: { zh: '值不是有限数', en: 'value not finite' },
  no_values: { zh: '没有值', en: 'no values' },
  bad_time: { zh: '时间单位不对或不是时间', en: 'wrong unit of time, or no time' },
  too_old: { zh: '时间过早', en: 'too old' },
  unknown_event: { zh: '未知事件', en: 'unknown event' },
  wrong_place: { zh: '设施不可能有这个量', en: 'the asset cannot have this' },
  unknown_device: { zh: '未登记的设备', en: 'unknown device' },
  unplaced_device: { zh: '设备没有登记位置', en: 'device without a place' },
  store_refused: { zh: '存储拒收', en: 'the store refused it' },
  left_out: { zh: '收下了，但部分内容未采用', en: 'accepted, but part of it is not used' },
  unstorable: { zh: '使存储线程崩溃', en: 'it crashes the storing thread' },
}
