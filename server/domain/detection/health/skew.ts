import { SECOND, type Instant } from '../../instant.ts'
import { clearFault, hasFault, raiseFault } from './faults.ts'
import type { DetectorRun } from '../core/context.ts'
import type { DeviceState } from '../core/state.ts'
import { spanWords } from '../core/words.ts'

/** A steady offset of the device's clock: its times are corrected by it, and that is said. */
export function judgeSkew(run: DetectorRun, device: DeviceState, receivedAt: Instant): void {
  const { skewMs } = device.clock
  const off = Math.abs(skewMs) > run.context.settings.skewS * SECOND
  if (off === hasFault(device, 'skew')) return
  if (!off) {
    const why = { zh: `设备 ${device.id} 时钟恢复准确`, en: `the clock of ${device.id} is right again` }
    clearFault(run, device, { fault: 'skew', at: receivedAt, why })
    return
  }
  const span = spanWords(Math.abs(skewMs))
  raiseFault(run, device, {
    fault: 'skew',
    at: receivedAt,
    eventAt: receivedAt,
    grounds: {
      rule: 'quality.skew',
      sentence: {
        zh: `设备 ${device.id} 的时钟${skewMs > 0 ? '慢' : '快'} ${span.zh},读数时间已按此修正`,
        en: `the clock of ${device.id} is ${span.en} ${skewMs > 0 ? 'slow' : 'fast'}; its times are corrected by that`,
      },
      statistic: 'skew_s',
      value: skewMs / SECOND,
      threshold: run.context.settings.skewS,
      unit: 's',
    },
  })
}
