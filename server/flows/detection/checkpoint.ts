import { assemble, commonPart, type CommonPart, type SavedDevice } from '../../domain/detection/parts.ts'
import { createDetectorState, knownDevice, type DetectorState } from '../../domain/detection/core/state.ts'
import type { ZoneState } from '../../domain/detection/core/zone-state.ts'
import type { Instant } from '../../domain/instant.ts'
import type { DetectionStore, SavedDetection, SavedPart } from './detection-store.ts'
import { breathe } from '../pause.ts'
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
  const state = assemble(whole, parsed<SavedDevice>(DEVICE), parsed<ZoneState>(ZONE))
  return state ?? createDetectorState()
}

export interface Checkpoints {
  /** Told before a device changes, or a zone: a checkpoint under way takes it as it was. */
  deviceTouched(id: string): void
  zoneTouched(id: string): void
  /** Saves what has changed since the last one as it stands now; the state may change while it is written. */
  save(place: { readonly cursor: Cursor; readonly aliveAt: Instant }): Promise<void>
}

/**
 * Copies on write: a town's state takes seconds to write, and nobody's alarm waits for that. What a
 * checkpoint under way has still to write is put aside just before it changes.
 */
export function createCheckpoints(
  store: DetectionStore,
  state: DetectorState,
  pieceLength = PIECE,
): Checkpoints {
  const changed = { devices: new Set<string>(), zones: new Set<string>() }
  const owed = { devices: new Set<string>(), zones: new Set<string>() }
  let putAside: SavedPart[] = []

  function devicePart(id: string): SavedPart | undefined {
    const device = knownDevice(state, id)
    return device && { name: `${DEVICE}${id}`, body: JSON.stringify(device) }
  }

  function zonePart(id: string): SavedPart | undefined {
    const zone = Object.hasOwn(state.zones, id) ? state.zones[id] : undefined
    return zone && { name: `${ZONE}${id}`, body: JSON.stringify(zone) }
  }

  /** What was put aside, which is then held no longer. */
  function* aside(): Generator<SavedPart> {
    for (let part = putAside.pop(); part !== undefined; part = putAside.pop()) yield part
  }

  /** One after the other, since none is turned into text before its turn, or before it changes. */
  function* remaining(): Generator<SavedPart | undefined> {
    for (const id of owed.zones) {
      yield* aside()
      if (owed.zones.delete(id)) yield zonePart(id)
    }
    for (const id of owed.devices) {
      yield* aside()
      if (owed.devices.delete(id)) yield devicePart(id)
    }
    yield* aside()
  }

  function begin(): { readonly devices: ReadonlySet<string>; readonly zones: ReadonlySet<string> } {
    const taken = { devices: new Set(changed.devices), zones: new Set(changed.zones) }
    for (const id of taken.devices) owed.devices.add(id)
    for (const id of taken.zones) owed.zones.add(id)
    changed.devices.clear()
    changed.zones.clear()
    putAside = [{ name: COMMON, body: JSON.stringify(commonPart(state)) }]
    return taken
  }

  /** The names of all that was written, as it was written. */
  async function write(): Promise<readonly string[][]> {
    const written: string[][] = []
    let piece: SavedPart[] = []
    let length = 0
    const end = async (): Promise<void> => {
      await store.write(piece)
      written.push(piece.map(({ name }) => name))
      piece = []
      length = 0
      await breathe()
    }
    for (const part of remaining()) {
      if (part === undefined) continue
      piece.push(part)
      length += part.body.length
      if (length >= pieceLength) await end()
    }
    if (piece.length > 0) await end()
    return written
  }

  return {
    deviceTouched(id) {
      changed.devices.add(id)
      const part = owed.devices.delete(id) ? devicePart(id) : undefined
      if (part !== undefined) putAside.push(part)
    },
    zoneTouched(id) {
      changed.zones.add(id)
      const part = owed.zones.delete(id) ? zonePart(id) : undefined
      if (part !== undefined) putAside.push(part)
    },
    async save({ cursor, aliveAt }) {
      const taken = begin()
      const judgedTo = state.now
      let written: readonly string[][]
      try {
        written = await write()
        await store.commit({ cursor, aliveAt, judgedTo })
      } catch (error) {
        for (const id of taken.devices) changed.devices.add(id)
        for (const id of taken.zones) changed.zones.add(id)
        owed.devices.clear()
        owed.zones.clear()
        throw error
      }
      for (const names of written) {
        await store.forgetOlder(names)
        await breathe()
      }
    },
  }
}
