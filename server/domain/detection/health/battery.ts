import { DAY, type Instant } from '../../instant.ts'
import { clearFault, hasFault, raiseFault } from './faults.ts'
import type { DetectorRun, When } from '../core/context.ts'
import { median } from '../core/series.ts'
import type { DeviceState } from '../core/state.ts'
import { figure } from '../core/words.ts'

/** Days that a forecast needs and days that are kept. */
const ENOUGH_DAYS = 7
const DAYS_KEPT = 30
/** A loss below this over the kept days is the weather. */
const CLEAR_LOSS_V = 0.05

/** Low battery now, or within 30 days at the present rate. */
export function judgeBattery(run: DetectorRun, device: DeviceState, volts: number, when: When): void {
  const { batteryLowV, batteryForecastDays } = run.context.settings
  keepDay(device, volts, when.at)
  const now = median(device.series['battery_v']?.recent.slice(-3) ?? [volts])
  const left = daysLeft(device, batteryLowV)
  if (now < batteryLowV || left <= batteryForecastDays) {
    raiseBattery(run, device, when, { volts: now, left })
    return
  }
  if (!hasFault(device, 'battery') || now < batteryLowV + 0.1) return
  const why = { zh: `电池电压恢复到 ${figure(now, 2)} V`, en: `battery voltage is ${figure(now, 2)} V again` }
  clearFault(run, device, { fault: 'battery', at: when.receivedAt, why })
}

/** Raised by a measured voltage, or by the device's own alarm, which carries none. */
export function raiseBattery(
  run: DetectorRun,
  device: DeviceState,
  when: When,
  found: { readonly volts?: number; readonly left?: number } = {},
): void {
  const { batteryLowV } = run.context.settings
  const { volts, left } = found
  const low = volts === undefined || volts < batteryLowV
  const shown = volts === undefined ? '' : ` ${figure(volts, 2)} V`
  raiseFault(run, device, {
    fault: 'battery',
    at: when.receivedAt,
    eventAt: when.at,
    grounds: {
      rule: low ? 'battery.low' : 'battery.forecast',
      sentence: low
        ? { zh: `设备 ${device.id} 电池电量低${shown}`, en: `battery of ${device.id} is low${shown}` }
        : {
            zh: `设备 ${device.id} 电池${shown},预计 ${figure(left ?? 0, 0)} 天内耗尽`,
            en: `battery of ${device.id} is at${shown} and will be low within ${figure(left ?? 0, 0)} days`,
          },
      statistic: low ? 'battery_v' : 'days_left',
      value: low ? (volts ?? 0) : (left ?? 0),
      threshold: low ? batteryLowV : run.context.settings.batteryForecastDays,
      unit: low ? 'V' : 'd',
      signals: ['battery_v'],
    },
  })
}

function keepDay(device: DeviceState, volts: number, at: Instant): void {
  const day = Math.floor(at / DAY)
  const days = (device.battery ??= [])
  const last = days.at(-1)
  if (last === undefined || day > last[0]) {
    days.push([day, volts, 1])
    if (days.length > DAYS_KEPT) days.shift()
  } else if (day === last[0]) {
    last[2] += 1
    last[1] += (volts - last[1]) / last[2]
  }
}

/** Days until the line through the daily means meets the limit. */
function daysLeft(device: DeviceState, limit: number): number {
  const days = device.battery ?? []
  const first = days[0]
  const last = days.at(-1)
  if (first === undefined || last === undefined || days.length < ENOUGH_DAYS) return Infinity
  if (first[1] - last[1] < CLEAR_LOSS_V) return Infinity
  const meanDay = days.reduce((sum, [day]) => sum + day, 0) / days.length
  const meanVolts = days.reduce((sum, [, volts]) => sum + volts, 0) / days.length
  let covariance = 0
  let variance = 0
  for (const [day, volts] of days) {
    covariance += (day - meanDay) * (volts - meanVolts)
    variance += (day - meanDay) ** 2
  }
  const perDay = covariance / variance
  return perDay >= 0 ? Infinity : Math.max(0, (last[1] - limit) / -perDay)
}
