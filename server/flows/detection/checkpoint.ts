import { assemble, commonPart, type CommonPart } from '../../domain/detection/parts.ts'
import { createDetectorState, type DetectorState, type DeviceState } from '../../domain/detection/state.ts'
import type { ZoneWatch } from '../../domain/detection/spatial/zone-state.ts'
import type { Instant } from '../../domain/instant.ts'
import type { DetectionStore, SavedDetection, SavedPart } from './detection-store.ts'
import type { Cursor } from '../ports.ts'

const COMMON = 'common'
const DEVICE = 'device:'
const ZONE = 'zone:'
/** Devices turned into text at one go; the loop breathes between two pieces. */
const PIECE = 50

/** The detector's state of a saved checkpoint, or a new one. */
export function restore(saved: SavedDetection | undefined): DetectorState {
  const common = saved?.parts.find((part) => part.name === COMMON)
  if (saved === undefined || common === undefined) return createDetectorState()
  const parsed = <T>(prefix: string): T[] =>
    saved.parts.filter(({ name }) => name.startsWith(prefix)).map(({ body }) => JSON.parse(body) as T)
  const whole = JSON.parse(common.body) as CommonPart
  const state = assemble(whole, parsed<DeviceState>(DEVICE), parsed<ZoneWatch>(ZONE))
  return state ?? createDetectorState()
}

/** What has changed since the last checkpoint, by id. */
export interface Changed {
  readonly devices: ReadonlySet<string>
  readonly zones: ReadonlySet<string>
}

/** Saves what has changed together with the cursor. The state must not change meanwhile. */
export async function saveCheckpoint(
  store: DetectionStore,
  state: DetectorState,
  changed: Changed,
  place: { readonly cursor: Cursor; readonly aliveAt: Instant },
): Promise<void> {
  let piece: SavedPart[] = [{ name: COMMON, body: JSON.stringify(commonPart(state)) }]
  for (const id of changed.zones) {
    const zone = Object.hasOwn(state.zones, id) ? state.zones[id] : undefined
    if (zone !== undefined) piece.push({ name: `${ZONE}${id}`, body: JSON.stringify(zone) })
  }
  for (const id of changed.devices) {
    const device = Object.hasOwn(state.devices, id) ? state.devices[id] : undefined
    if (device === undefined) continue
    piece.push({ name: `${DEVICE}${id}`, body: JSON.stringify(device) })
    if (piece.length < PIECE) continue
    await store.write(piece)
    await breathe()
    piece = []
  }
  await store.write(piece)
  await store.commit(place.cursor, place.aliveAt)
}

/** Lets everything else have its turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
