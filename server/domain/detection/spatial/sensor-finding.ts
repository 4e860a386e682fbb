import type { LocalizedText } from '#contract/text.ts'
import type { DeviceFault } from '#contract/vocabulary.ts'
import type { Instant } from '../../instant.ts'
import type { Grounds } from '../core/make-finding.ts'
import { QUARTERS_OF_HOUR } from '../core/series.ts'
import { figure, momentWords } from '../core/words.ts'
import type { Change } from './changes.ts'
import type { Shape } from './fault-shape.ts'
import type { Evaluation } from './evaluation.ts'

interface Found {
  readonly change: Change
  readonly fault: DeviceFault
  readonly shape: Shape
  readonly eventAt: Instant
  readonly z: number
  readonly stray: number
  /** For a swapped one: the sensor or device that it was swapped with, as far as that shows. */
  readonly with?: string
}

/** Why a sensor is at fault and the network is not. */
export function faultGrounds(evaluation: Evaluation, found: Found): Grounds {
  const { watch, changes, weighed, loss } = evaluation
  const { change, fault, z } = found
  const others = changes.list.length - 1
  return {
    rule: `sensor.${fault}`,
    sentence: sentenceOf(found, others),
    statistic: 'z',
    value: z,
    threshold: Math.sign(z) * watch.sensor.threshold,
    unit: 'kPa',
    baseline: change.nowKpa - change.offKpa,
    observed: change.nowKpa,
    sigma: Math.abs(found.stray / z),
    windowS: 3600,
    signals: [change.sensor.signal],
    rejected: [
      {
        zh: `泄漏:去掉该测点后,最可能位置的统计量为 ${figure(weighed.zWithout)},未达限值 ${figure(watch.leak.threshold)}${loss === undefined ? ',补水正常' : ''}`,
        en: `a leak: without this sensor the best place has ${figure(weighed.zWithout)}, threshold ${figure(watch.leak.threshold)}${loss === undefined ? ', and make-up is normal' : ''}`,
      },
    ],
  }
}

function sentenceOf({ change, fault, shape, eventAt, stray, ...more }: Found, others: number): LocalizedText {
  const { deviceId, signal, assetId } = change.sensor
  const since = momentWords(eventAt)
  const off = figure(stray)
  const rate = figure(shape.kind === 'ramp' ? shape.size * QUARTERS_OF_HOUR : 0, 2)
  const what: LocalizedText = {
    zh: `${assetId} 的设备 ${deviceId} 的 ${signal} 比其余 ${others} 个测点推算的值偏 ${off} kPa,自 ${since} 起`,
    en: `${signal} of ${deviceId} at ${assetId} is ${off} kPa off what ${others} other sensors say, since ${since}`,
  }
  const why: Readonly<Partial<Record<DeviceFault, LocalizedText>>> = {
    offset: {
      zh: '阶跃后保持不变,疑似检修后零点偏移',
      en: 'it jumped and stays: probably an offset after service',
    },
    drift: { zh: `每小时变化 ${rate} kPa,疑似漂移`, en: `it moves by ${rate} kPa per hour: probably drift` },
    stuck: { zh: '读数不再变化,疑似卡死', en: 'it no longer moves: probably stuck' },
    swapped:
      more.with === undefined
        ? {
            zh: '跳到该处没有过的水平,疑似换错设备',
            en: 'it jumped to a level that its place never has: probably another device answers',
          }
        : more.with === deviceId
          ? {
              zh: '该设备各项读数同时跳变,疑似换错设备',
              en: 'all its readings jumped together: probably another device answers',
            }
          : {
              zh: `与 ${more.with} 的水平互换,疑似设备装反`,
              en: `it has exchanged levels with ${more.with}: probably swapped`,
            },
  }
  const because = why[fault] ?? { zh: '疑似故障', en: 'probably at fault' }
  return { zh: `${what.zh};${because.zh}`, en: `${what.en}; ${because.en}` }
}
