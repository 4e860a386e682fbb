import type { LocalizedText } from '#contract/text.ts'
import type { DeviceFault } from '#contract/vocabulary.ts'
import type { Instant } from '../../instant.ts'
import type { DetectorRun } from '../core/context.ts'
import type { DeviceFinding } from '../core/finding.ts'
import { deviceFinding, type Fault } from '../core/make-finding.ts'
import type { DeviceState } from '../core/state.ts'

const keyOf = (fault: DeviceFault, signal: string | undefined): string => `${fault}:${signal ?? ''}`

export function hasFault(device: DeviceState, fault: DeviceFault, signal?: string): boolean {
  return !isSound(device) && Object.hasOwn(device.faults, keyOf(fault, signal))
}

/** Nearly every device has no fault at all, and then no key needs to be made. */
function isSound(device: DeviceState): boolean {
  for (const fault in device.faults) if (Object.hasOwn(device.faults, fault)) return false
  return true
}

/** Raises a fault once; while it stands, saying it again changes nothing. */
export function raiseFault(run: DetectorRun, device: DeviceState, fault: Fault): void {
  if (hasFault(device, fault.fault, fault.signal)) return
  const assetId = run.context.network.devices.get(device.id)?.assetId
  keepFault(run, device, deviceFinding(device.id, assetId, fault))
}

/** The same of a finding that is already made. */
export function keepFault(run: DetectorRun, device: DeviceState, finding: DeviceFinding): void {
  if (hasFault(device, finding.fault, finding.signal)) return
  device.faults[keyOf(finding.fault, finding.signal)] = finding
  run.findings.push(finding)
}

/** Takes a fault back, with the reason. */
export function clearFault(
  run: DetectorRun,
  device: DeviceState,
  of: {
    readonly fault: DeviceFault
    readonly signal?: string
    readonly at: Instant
    readonly why: LocalizedText
  },
): void {
  if (isSound(device)) return
  const key = keyOf(of.fault, of.signal)
  const raised = Object.hasOwn(device.faults, key) ? device.faults[key] : undefined
  if (raised === undefined) return
  Reflect.deleteProperty(device.faults, key)
  run.findings.push({
    ...raised,
    phase: 'cleared',
    at: of.at,
    evidence: { ...raised.evidence, sentence: of.why },
  })
}
