import { ID_PATTERN } from '#contract/identity.ts'
import { parseTopic, TOPIC_ROOT, type DeviceTopic } from '#contract/topics.ts'

/** Channels whose last message is retained for later subscribers. */
const RETAINED: ReadonlySet<DeviceTopic['kind']> = new Set(['status', 'attributes'])

/** The parsed topic when this device may publish to it: its own channels and command results, never commands. */
export function mayPublish(deviceId: string, topic: string): DeviceTopic | undefined {
  const parsed = parseTopic(topic)
  return parsed?.deviceId === deviceId && parsed.kind !== 'command' ? parsed : undefined
}

export function isRetained(topic: DeviceTopic): boolean {
  return RETAINED.has(topic.kind)
}

/**
 * A device may subscribe inside `dh/v1/{own id}/`. Levels are compared literally, never by pattern:
 * a device named `+` must not read its neighbours.
 */
export function maySubscribe(deviceId: string, filter: string): boolean {
  const levels = filter.split('/')
  const [own, below] = [levels.slice(0, 3).join('/'), levels.slice(3)]
  if (!ID_PATTERN.test(deviceId) || own !== `${TOPIC_ROOT}/${deviceId}`) return false
  if (below.length === 0 || below.length > 3) return false
  return below.every((level, index) => {
    if (level === '#') return index === below.length - 1
    return level === '+' || ID_PATTERN.test(level)
  })
}

/** Checked before each delivery to a device, whatever it has subscribed to. */
export function mayReceive(deviceId: string, topic: string): boolean {
  return topic.startsWith(`${TOPIC_ROOT}/${deviceId}/`)
}
