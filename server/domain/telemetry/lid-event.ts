import type { DeviceEvent } from '#contract/vocabulary.ts'
import type { Sample } from './reading.ts'

const LID_OPEN: Partial<Readonly<Record<DeviceEvent, boolean>>> = { cover_open: true, cover_closed: false }

/** What a device says of its lid in an event is a reading of the lid too. */
export function withLid(event: DeviceEvent, sample: Sample): Sample {
  const open = LID_OPEN[event]
  return open === undefined ? sample : { ...sample, values: { cover_open: open, ...sample.values } }
}
