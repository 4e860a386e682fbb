import type { RawReading } from './raw-reading.ts'
import type { LocalizedText } from '#contract/text.ts'
import { signalDefinition } from '#contract/signals.ts'
import type { DeviceFault } from '#contract/vocabulary.ts'
import { DAY } from '../../instant.ts'
import { clearFault, hasFault, raiseFault } from './faults.ts'
import type { DetectorRun } from '../core/context.ts'
import { normalOf } from '../core/series.ts'
import type { SeriesState } from '../core/state.ts'
import { judgeStuck } from './stuck.ts'
import type { Trait } from '../core/traits.ts'
import { figure } from '../core/words.ts'

/** Readings in a row that make a fault, or end it. */
const IN_A_ROW = 3
const SPIKES_OF_A_DAY = 3

/**
 * The quality gate: range, unit, spike, stuck. A reading is flagged, never dropped:
 * it is stored in any case; false only keeps it away from rules and baselines.
 */
export function judgeQuality(run: DetectorRun, raw: RawReading): boolean {
  const { series, device, signal } = raw
  const fault = mistakenBy(raw)
  if (fault === undefined) {
    series.outOfRange = 0
    series.otherUnit = 0
    series.inOrder += 1
    if (series.inOrder === IN_A_ROW) clearBoth(run, raw)
    judgeSpike(run, raw)
    judgeStuck(run, raw)
    return true
  }
  series.inOrder = 0
  const count = fault === 'range' ? (series.outOfRange += 1) : (series.otherUnit += 1)
  if (count < IN_A_ROW || hasFault(device, fault, signal)) return false
  const normal = normalOf(series)
  const unit = signalDefinition(signal)?.unit ?? ''
  raiseFault(run, device, {
    fault,
    signal,
    at: raw.receivedAt,
    eventAt: raw.at,
    grounds: {
      rule: `quality.${fault}`,
      sentence: sentenceOf(raw, fault, normal, unit),
      statistic: fault === 'range' ? 'value' : 'ratio',
      value: fault === 'range' ? raw.value : raw.value / (normal ?? 1),
      threshold: fault === 'range' ? (signalDefinition(signal)?.max ?? 0) : 10,
      observed: raw.value,
      ...(normal === undefined ? {} : { baseline: normal }),
      unit,
      signals: [signal],
    },
  })
  return false
}

function sentenceOf(
  raw: RawReading,
  fault: DeviceFault,
  normal: number | undefined,
  unit: string,
): LocalizedText {
  const value = `${figure(raw.value, 3)} ${unit}`
  return fault === 'range'
    ? {
        zh: `设备 ${raw.device.id} 的 ${raw.signal} 连续 ${IN_A_ROW} 次为 ${value},超出量程或断线`,
        en: `${raw.signal} of ${raw.device.id} was ${value} ${IN_A_ROW} times in a row: out of range or an open circuit`,
      }
    : {
        zh: `设备 ${raw.device.id} 的 ${raw.signal} 为 ${value},平时 ${figure(normal ?? 0, 3)} ${unit},疑似单位错误`,
        en: `${raw.signal} of ${raw.device.id} is ${value}, normally ${figure(normal ?? 0, 3)} ${unit}: probably another unit`,
      }
}

/** What is wrong with a value by itself: another unit, or out of range and broken wires. */
function mistakenBy({ series, trait, value }: RawReading): 'range' | 'unit' | undefined {
  const open = isOpenCircuit(trait, value)
  const isPressure = trait.quantity === 'pressure'
  const normal = isPressure || open ? normalOf(series) : undefined
  if (isPressure && normal !== undefined && normal > 0.02 && isOtherUnit(value / normal)) return 'unit'
  if (value < trait.min || value > trait.max || (trait.moves && value === trait.max)) return 'range'
  if (!open) return undefined
  const away = isPressure ? 0.1 : 10
  return value < 0 || (normal !== undefined && normal - value > away) ? 'range' : undefined
}

function isOpenCircuit({ openCircuit }: Trait, value: number): boolean {
  for (let n = 0; n < openCircuit.length; n += 1) if (openCircuit[n] === value) return true
  return false
}

/** bar and kPa sent as MPa. A tenth is not judged so: a burst may well leave a tenth of the pressure. */
function isOtherUnit(ratio: number): boolean {
  return isNear(ratio, 10) || isNear(ratio, 1000) || isNear(ratio, 100)
}

function isNear(ratio: number, factor: number): boolean {
  return Math.abs(ratio / factor - 1) < 0.25
}

function clearBoth(run: DetectorRun, { device, signal, receivedAt }: RawReading): void {
  const why = { zh: `${signal} 读数恢复正常`, en: `${signal} reads normally again` }
  clearFault(run, device, { fault: 'range', signal, at: receivedAt, why })
  clearFault(run, device, { fault: 'unit', signal, at: receivedAt, why })
}

const scratch = new Float64Array(7)
const distances = new Float64Array(7)

/**
 * Hampel: |x − med₇| > 5 · 1.4826 · MAD, and 5 times what lies between values usually, for seven of them
 * may be alike by chance. A spike is known as one when the next value is back.
 */
function judgeSpike(run: DetectorRun, raw: RawReading): void {
  const { series, trait, value } = raw
  if (series.recent.length < 7) return
  if (series.spikeFrom === undefined && Math.abs(value - series.value) <= trait.sigma) return
  const width = limitOf(series, trait.sigma, run.context.settings.spikeMad)
  if (series.spikeFrom === undefined) {
    if (Math.abs(value - (scratch[3] ?? 0)) > width) series.spikeFrom = scratch[3] ?? 0
    return
  }
  const back = Math.abs(value - series.spikeFrom) <= width / 2
  delete series.spikeFrom
  if (!back || (trait.passingMs !== undefined && raw.at - series.at < trait.passingMs)) return
  series.spikes = [...series.spikes.filter((at) => raw.at - at < DAY), raw.at].slice(-SPIKES_OF_A_DAY)
  if (series.spikes.length < SPIKES_OF_A_DAY) return
  raiseFault(run, raw.device, {
    fault: 'spike',
    signal: raw.signal,
    at: raw.receivedAt,
    eventAt: raw.at,
    grounds: {
      rule: 'quality.spike',
      sentence: {
        zh: `设备 ${raw.device.id} 的 ${raw.signal} 一天内出现 ${SPIKES_OF_A_DAY} 次毛刺`,
        en: `${raw.signal} of ${raw.device.id} spiked ${SPIKES_OF_A_DAY} times within a day`,
      },
      statistic: 'spikes_per_day',
      value: SPIKES_OF_A_DAY,
      threshold: SPIKES_OF_A_DAY,
      signals: [raw.signal],
    },
  })
}

/** Half-width of what is no spike; leaves the sorted values in `scratch`. */
function limitOf({ recent, stir }: SeriesState, sigma: number, mads: number): number {
  for (let index = 0; index < 7; index += 1) scratch[index] = recent[index] ?? 0
  scratch.sort()
  const middle = scratch[3] ?? 0
  for (let index = 0; index < 7; index += 1) distances[index] = Math.abs((scratch[index] ?? 0) - middle)
  distances.sort()
  return mads * Math.max(1.4826 * (distances[3] ?? 0), sigma, stir)
}

/** Takes a spike fault back after a day without one. */
export function settleSpikes(run: DetectorRun, raw: RawReading): void {
  if (raw.series.spikes.length === 0 || !hasFault(raw.device, 'spike', raw.signal)) return
  if (raw.at - (raw.series.spikes.at(-1) ?? 0) < DAY) return
  const why = { zh: `${raw.signal} 一天内没有毛刺`, en: `${raw.signal} has not spiked for a day` }
  clearFault(run, raw.device, { fault: 'spike', signal: raw.signal, at: raw.receivedAt, why })
}
