import type { Evidence } from '#contract/incident.ts'
import type { LocalizedText } from '#contract/text.ts'
import { assetWords } from '../../network/assets.ts'
import { MINUTE, SECOND, type Instant } from '../../instant.ts'
import type { Finding } from '../core/finding.ts'
import { evidenceOf, type Grounds } from '../core/make-finding.ts'
import type { Site } from '../core/context.ts'
import { setting, settingsOf, type SettingDefinitions } from '../core/settings.ts'
import type { Reached } from './rule.ts'
import { figure, joinWords, momentWords, spanWords } from '../core/words.ts'

export const COVER_SETTINGS = {
  coverTiltDeg: setting(
    ['井盖移位:偏离安装角', 'Cover displaced: off its installed angle'],
    '°',
    10,
    [5, 15],
  ),
  coverClearBelowDeg: setting(['井盖恢复:低于限值', 'Cover back: below the limit by'], '°', 3, [0, 5]),
  coverSlopeDeg: setting(
    ['井盖安装角未登记时:认可的最大坡度', 'Cover without a registered angle: steepest slope taken for it'],
    '°',
    10,
    [0, 45],
  ),
  coverOpenDeg: setting(['井盖打开或缺失:倾角', 'Cover open or missing: tilt'], '°', 60, [30, 90]),
  coverOpenHoldS: setting(['井盖打开:持续时间', 'Cover open: held for'], 's', 30, [1, 600]),
  coverDisplacedHoldS: setting(['井盖移位:持续时间', 'Cover displaced: held for'], 's', 120, [2, 1800]),
  coverClearHoldS: setting(['井盖恢复:持续时间', 'Cover back: held for'], 's', 60, [0, 3600]),
  coverShockG: setting(['井盖疑似破损:冲击', 'Cover damage suspected: shock'], 'g', 4, [1, 50]),
  coverLeanDeg: setting(['冲击后倾斜下限', 'Cover damage suspected: least lean after it'], '°', 3, [1, 10]),
  coverShockWindowMin: setting(
    ['冲击后观察时间', 'Cover damage suspected: watched after a shock for'],
    'min',
    60,
    [1, 1440],
  ),
} as const satisfies SettingDefinitions

/** Severity steps, from light to grave. */
export const DAMAGE = 0
export const DISPLACED = 1
export const TILTED_OPEN = 2
export const CONTACT_OPEN = 3
export const DEVICE_EVENT = 4
export const STEPS = 5

const RULES = ['cover.damage', 'cover.displaced', 'cover.open', 'cover.open', 'cover.event'] as const

/** The angle that the lid was installed at: registered, or as it has been seen. */
function installedTilt({ placed, device }: Site): number {
  return placed.installedTiltDeg ?? device.installedTiltDeg ?? 0
}

/** Degrees off the angle that the lid was installed at. */
export function deviation(site: Site, tilt: number): number {
  return Math.abs(tilt - installedTilt(site))
}

export function lateGrounds(grounds: Grounds, at: Instant, newest: Instant): Grounds {
  const late = spanWords(at - newest)
  return {
    ...grounds,
    rule: 'cover.late',
    sentence: joinWords(grounds.sentence, {
      zh: `消息迟到 ${late.zh},不开抢修工单,请核实现状`,
      en: `. It arrived ${late.en} late and opens no emergency; check the cover's state`,
    }),
  }
}

/** The figures and the sentence of a cover finding. */
export function coverGrounds(site: Site, { step, at, eventAt }: Reached): Grounds {
  const { worksAt } = site.run.context
  const settings = settingsOf(site, COVER_SETTINGS)
  const tilt = site.device.series['cover_tilt_deg']?.value ?? 0
  const off = deviation(site, tilt)
  const name = assetWords(site.asset)
  const held = spanWords(Math.max(at - eventAt, 0))
  const hidden = at - eventAt > 5 * MINUTE
  const works = worksAt?.(site.asset.id, at)
  const from: LocalizedText =
    site.placed.installedTiltDeg === undefined
      ? { zh: '原位(安装角未登记)', en: 'where it lay (no installed angle is registered)' }
      : { zh: '安装角', en: 'its installed angle' }
  const figures = (): LocalizedText => {
    switch (step) {
      case CONTACT_OPEN:
        return {
          zh: `井盖触点断开,井盖打开或缺失`,
          en: `the cover contact is open: the cover is off or missing`,
        }
      case DEVICE_EVENT:
        return {
          zh: `井盖设备报警(设备已自行确认)`,
          en: `the cover's device raised an alarm that it has confirmed itself`,
        }
      case DAMAGE:
        return {
          zh: `井盖受冲击(超过 ${figure(settings.coverShockG)} g)后倾斜 ${figure(off)}° 或失联,疑似破损,请人工确认`,
          en: `the cover took a shock above ${figure(settings.coverShockG)} g and then leans by ${figure(off)}° or is silent: damage suspected, a person has to confirm`,
        }
      default:
        return {
          zh: `井盖倾角 ${figure(tilt)}°,偏离${from.zh} ${figure(off)}°,${step === TILTED_OPEN ? '井盖打开或缺失' : '井盖移位'}`,
          en: `cover tilt ${figure(tilt)}°, ${figure(off)}° off ${from.en}: ${step === TILTED_OPEN ? 'open or missing' : 'displaced'}`,
        }
    }
  }
  const measured = step === DISPLACED || step === TILTED_OPEN || step === DAMAGE
  const limit =
    step === TILTED_OPEN
      ? settings.coverOpenDeg
      : step === DAMAGE
        ? settings.coverLeanDeg
        : settings.coverTiltDeg
  return {
    rule: RULES[step] ?? 'cover.open',
    sentence: joinWords(
      { zh: `${name.zh} `, en: `${name.en}: ` },
      figures(),
      { zh: `,自 ${momentWords(eventAt)} 起`, en: `, since ${momentWords(eventAt)}` },
      hidden ? { zh: `,${held.zh}后才得知`, en: `, known ${held.en} later` } : { zh: '', en: '' },
      works === undefined
        ? { zh: '', en: '' }
        : { zh: `(已登记计划检修:${works})`, en: ` (planned works registered: ${works})` },
    ),
    statistic: measured ? 'tilt_deviation_deg' : step === CONTACT_OPEN ? 'contact_open' : 'device_event',
    value: measured ? off : 1,
    threshold: measured ? limit : 1,
    ...(measured ? { unit: '°', baseline: installedTilt(site), observed: tilt } : {}),
    windowS: Math.max(Math.round((at - eventAt) / SECOND), 0),
    signals: [measured ? 'cover_tilt_deg' : 'cover_open'],
    rejected: [
      step === DEVICE_EVENT
        ? { zh: '抖动:设备已自行消抖', en: 'bounce: the device has debounced it' }
        : { zh: '过车:持续时间超过 2 秒', en: 'a passing vehicle: it lasted longer than 2 s' },
      { zh: '检修人员开井:该井没有签到', en: 'opened by a crew: nobody has checked in at this well' },
    ],
  }
}

/** What the sensor says once it is normal again; it only proposes that the repair is done. */
export function clearedCover(site: Site, raised: Finding): Evidence {
  const tilt = site.device.series['cover_tilt_deg']?.value
  const name = assetWords(site.asset)
  const angle = tilt === undefined ? '' : `${figure(tilt)}°`
  return evidenceOf(
    { deviceId: site.device.id, assetId: site.asset.id },
    {
      rule: raised.evidence.rule,
      sentence: {
        zh: `${name.zh} 井盖传感器恢复正常${angle === '' ? '' : `,倾角 ${angle}`}`,
        en: `${name.en}: the cover sensor is back to normal${angle === '' ? '' : `, tilt ${angle}`}`,
      },
      statistic: raised.evidence.statistic,
      value: tilt === undefined ? 0 : deviation(site, tilt),
      threshold: raised.evidence.threshold,
    },
  )
}
