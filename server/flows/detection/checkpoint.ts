import { assemble, commonPart, type CommonPart } from '../../domain/detection/parts.ts'
import { createDetectorState, type DetectorState, type DeviceState } from '../../domain/detection/state.ts'
import type { ZoneWatch } from '../../domain/detection/spatial/zone-state.ts'
import type { Instant } from '../../domain/instant.ts'
import type { DetectionStore, SavedDetection, SavedPart } from './detection-store.ts'
import type { Cursor } from '../ports.ts'

const COMMON = 'common'
const DEVICE = 'device:'
const ZONE = 'zone:'
/** Characters written at one go, a millisecond's work; the loop breathes between two pieces. */
const PIECE = 64 * 1024

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
  const written: string[][] = []
  let piece: SavedPart[] = []
  let length = 0
  for (const part of partsOf(state, changed)) {
    piece.push(part)
    length += part.body.length
    if (length < PIECE) continue
    await writePiece()
  }
  if (piece.length > 0) await writePiece()
  await store.commit(place.cursor, place.aliveAt)
  for (const names of written) {
    await store.forgetOlder(names)
    await breathe()
  }

  async function writePiece(): Promise<void> {
    await store.write(piece)
    written.push(piece.map(({ name }) => name))
    piece = []
    length = 0
    await breathe()
  }
}

/** One after the other, since none is turned into text before its turn. */
function* partsOf(state: DetectorState, changed: Changed): Generator<SavedPart> {
  yield { name: COMMON, body: JSON.stringify(commonPart(state)) }
  for (const id of changed.zones) {
    const zone = Object.hasOwn(state.zones, id) ? state.zones[id] : undefined
    if (zone !== undefined) yield { name: `${ZONE}${id}`, body: JSON.stringify(zone) }
  }
  for (const id of changed.devices) {
    const device = Object.hasOwn(state.devices, id) ? state.devices[id] : undefined
    if (device !== undefined) yield { name: `${DEVICE}${id}`, body: JSON.stringify(device) }
  }
}

/** Lets everything else have its turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
