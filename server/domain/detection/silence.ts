import { assetWords } from '../network/assets.ts'
import { SECOND, type Instant } from '../instant.ts'
import { enter } from './core/agenda.ts'
import { observeSilence } from './rules/evaluate-rules.ts'
import { clearFault, raiseFault } from './health/faults.ts'
import { faultAfterMs, offlineAfterMs } from './health/offline-limit.ts'
import { deviceFinding } from './core/make-finding.ts'
import { siteOf, type DetectorRun, type Site } from './core/context.ts'
import type { DeviceState } from './core/state.ts'
import { momentWords, spanWords } from './core/words.ts'

/** When a device counts as offline if nothing comes; undefined when it already does. */
export function silenceDue({ run, device, placed }: Site): Instant | undefined {
  if (device.silent !== undefined && device.silent !== 'waiting') return undefined
  if (run.context.isMute?.(device.id) === true) return undefined
  const limit = device.silent === 'waiting' ? faultAfterMs : offlineAfterMs
  return Math.max(device.heardAt, run.state.listeningSince) + limit(placed, run.context.settings)
}

/** A device that has become silent waits a moment for others: many at once are one outage. */
export function settleSilence(site: Site, now: Instant): void {
  const { run, device } = site
  const due = silenceDue(site)
  if (due === undefined || due > now) return
  if (device.silent === 'waiting') {
    raiseSilence(run, device.id, now)
    return
  }
  const gathering = (run.state.gathering ??= {
    dueAt: now + run.context.settings.outageGatherS * SECOND,
    deviceIds: [],
  })
  gathering.deviceIds.push(device.id)
  device.silent = 'gathering'
}

/** Judges those that went silent together. */
export function settleGathering(run: DetectorRun, now: Instant): void {
  const { state, context } = run
  const { gathering } = state
  if (gathering === undefined || gathering.dueAt > now) return
  delete state.gathering
  const { outageDevices, outageShare } = context.settings
  const together = gathering.deviceIds.filter((id) => state.devices[id]?.silent === 'gathering')
  const speaking = Object.values(state.devices).filter((device) => device.silent === undefined).length
  const many = Math.max(outageDevices, outageShare * (speaking + together.length))
  if (together.length >= many) raiseOutage(run, together, gathering.dueAt)
  else for (const id of together) judgeAlone(run, id, gathering.dueAt)
}

/** A fault of this device, or of one on a battery only once it has been away for longer than radio is. */
function judgeAlone(run: DetectorRun, id: string, at: Instant): void {
  const device = run.state.devices[id]
  const site = device && siteOf(run, device)
  const { settings } = run.context
  if (site === undefined || faultAfterMs(site.placed, settings) === offlineAfterMs(site.placed, settings)) {
    raiseSilence(run, id, at)
    return
  }
  run.context.touched?.(id)
  site.device.silent = 'waiting'
  const due = silenceDue(site)
  if (due === undefined) return
  site.device.due = due
  enter(run.state.agenda, { at: due, id })
  observeSilence(site, at)
}

function raiseOutage(run: DetectorRun, deviceIds: readonly string[], at: Instant): void {
  const since = Math.min(...deviceIds.map((id) => run.state.devices[id]?.heardAt ?? at))
  const first = deviceIds[0] ?? ''
  const finding = {
    ...deviceFinding(first, undefined, {
      fault: 'silence',
      signal: 'outage',
      at,
      eventAt: since,
      grounds: {
        rule: 'silence.outage',
        sentence: {
          zh: `${deviceIds.length} 台设备自 ${momentWords(since)} 起同时失联,疑似通信中断,这些测点暂时看不见`,
          en: `${deviceIds.length} devices have been silent together since ${momentWords(since)}: probably the radio network is down, and they are blind spots`,
        },
        statistic: 'silent_devices',
        value: deviceIds.length,
        threshold: run.context.settings.outageDevices,
        windowS: run.context.settings.outageGatherS,
      },
    }),
    deviceIds: [...deviceIds],
  }
  run.state.outages[finding.id] = finding
  for (const id of deviceIds) {
    const device = run.state.devices[id]
    run.context.touched?.(id)
    if (device !== undefined) device.silent = finding.id
  }
  run.findings.push(finding)
}

function raiseSilence(run: DetectorRun, id: string, at: Instant): void {
  const device = run.state.devices[id]
  if (device === undefined) return
  run.context.touched?.(id)
  device.silent = 'single'
  const site = siteOf(run, device)
  const span = spanWords(at - device.heardAt)
  const where = site === undefined ? { zh: '', en: '' } : assetWords(site.asset)
  raiseFault(run, device, {
    fault: 'silence',
    at,
    eventAt: device.heardAt,
    grounds: {
      rule: 'silence.offline',
      sentence: {
        zh: `${where.zh} 设备 ${id} 已 ${span.zh}没有消息`,
        en: `device ${id} at ${where.en} has said nothing for ${span.en}`,
      },
      statistic: 'silent_s',
      value: Math.round((at - device.heardAt) / SECOND),
      threshold: site === undefined ? 0 : faultAfterMs(site.placed, run.context.settings) / SECOND,
      unit: 's',
    },
  })
  if (site !== undefined) observeSilence(site, at)
}

/** A device speaks again. An outage ends with half of its devices. */
export function observeVoice(run: DetectorRun, device: DeviceState, at: Instant): void {
  const was = device.silent
  if (was === undefined) return
  delete device.silent
  const why = { zh: `设备 ${device.id} 恢复上报`, en: `device ${device.id} reports again` }
  clearFault(run, device, { fault: 'silence', at, why })
  const outage = run.state.outages[was]
  if (outage === undefined) return
  const ids = outage.deviceIds ?? []
  const back = ids.filter((id) => run.state.devices[id]?.silent !== was).length
  if (back * 2 < ids.length) return
  Reflect.deleteProperty(run.state.outages, was)
  run.findings.push({
    ...outage,
    phase: 'cleared',
    at,
    evidence: {
      ...outage.evidence,
      sentence: {
        zh: `${ids.length} 台设备中已有 ${back} 台恢复上报`,
        en: `${back} of ${ids.length} devices report again`,
      },
    },
  })
  // Those that stay away are judged one by one from now on.
  for (const id of ids) if (run.state.devices[id]?.silent === was) judgeAlone(run, id, at)
}
