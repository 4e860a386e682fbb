import type { DeviceProperties } from '#contract/network.ts'
import { between, uniform } from './seeded-random.ts'
import { MINUTE, SECOND } from './time.ts'

/** Every device has its own phase, and no clock is exact. */
const JITTER = 0.02
const MAX_JITTER = 5 * SECOND

/** The device's first regular reporting time after `after`. */
export function nextReport(seed: number, device: DeviceProperties, after: number): number {
  const interval = device.intervalS * SECOND
  const phase = uniform(seed, 'phase', device.id) * interval
  let turn = Math.floor((after - phase) / interval) - 1
  let at: number
  do {
    turn += 1
    at = Math.round(phase + turn * interval + jitter(seed, device.id, turn, interval))
  } while (at <= after)
  return at
}

/** All regular reporting times in (from, to]. */
export function reportsBetween(
  seed: number,
  device: DeviceProperties,
  [from, to]: readonly [number, number],
): number[] {
  const times: number[] = []
  for (let at = nextReport(seed, device, from); at <= to; at = nextReport(seed, device, at)) times.push(at)
  return times
}

function jitter(seed: number, deviceId: string, turn: number, interval: number): number {
  const most = Math.min(MAX_JITTER, interval * JITTER)
  return between(seed, [-most, most], 'jitter', deviceId, turn)
}

const GAP_SHARE = 0.03
const MAX_GAP = 20 * MINUTE

/**
 * When a sample gets through. Radio through a metal lid is weak: now and then a battery device keeps a
 * sample and sends it later together with the next; wired devices are there at once.
 */
export function sendTime(seed: number, device: DeviceProperties, at: number): number {
  if (device.power !== 'battery' || uniform(seed, 'gap', device.id, at) >= GAP_SHARE) return at
  return at + Math.min(device.intervalS * SECOND, MAX_GAP)
}
