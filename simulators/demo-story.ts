import type { NetworkFile, PointFeature } from '#contract/network.ts'
import type { CallRequest } from '#contract/hotline.ts'
import { consultCall, coverCall, notHotCall } from './callers.ts'
import type { Spot } from './callers.ts'
import type { Effect, PipeLeak } from './effects.ts'
import { HISTORY } from './history.ts'
import { pipesOf, pointsOf } from './network-shape.ts'
import { MINUTE, SECOND } from './time.ts'

/**
 * The demo's story, told once. Make-up is judged every 15 minutes counted from the source's first
 * reading, so the history begins a whole number of quarter hours before the evaluation that is to
 * confirm the leak; the leak's onset lies so that two evaluations have seen it by then, most of a quarter
 * hour and a whole one: a burst is believed at the second.
 */
export const CONFIRMING_EVALUATION_AFTER = 120 * SECOND
export const LEAK_ONSET_BEFORE_EVALUATION = 25 * MINUTE
const LEAK_TH = 44
const LEAK_BRANCH = '迎宾支线'
/** Share of the branch's wells passed before the leak: between its third and fourth station. */
const LEAK_WELL_SHARE = 0.52

const COVER_AFTER = 15 * SECOND
const COVER_TILT_DEG = 22
const COVER_TRUNK = '北干线'

const STEAM_AFTER = 15 * SECOND
const STEAM_TH = 4
const STEAM_TRUNK = '中干线'

const NOT_HOT_CALL_AFTER = 40 * SECOND
const COVER_CALL_AFTER = 60 * SECOND
const CONSULT_CALL_AFTER = 85 * SECOND
const NOT_HOT_STATION = 's-16'
const CONSULT_STATION = 's-01'

/** When the back-filled history begins for a demo that starts at `startAt`. */
export function historyStart(startAt: number): number {
  return startAt + CONFIRMING_EVALUATION_AFTER - HISTORY
}

export interface Story {
  /** Begins in the back-filled history. */
  readonly leak: PipeLeak
  /** Happens live, once the demo says that it is ready. */
  live(readyAt: number): readonly Effect[]
  calls(readyAt: number): readonly { readonly at: number; readonly call: CallRequest }[]
  /** Screens on walls that lose their power. */
  walls(readyAt: number): readonly { readonly name: string; readonly darkAt: number }[]
}

/** Finds the story's places in the demo network. */
export function writeStory(file: NetworkFile, seed: number, startAt: number): Story {
  const cover = wellOn(file, { pipeName: COVER_TRUNK, signal: 'cover_tilt_deg', share: 0.6 })
  const steam = wellOn(file, { pipeName: STEAM_TRUNK, signal: 'chamber_c', share: 0.4 })
  const leak = wellOn(file, { pipeName: LEAK_BRANCH, share: LEAK_WELL_SHARE })
  return {
    leak: {
      kind: 'pipe-leak',
      pointId: leak.properties.id,
      side: 'supply',
      flowTh: LEAK_TH,
      from: startAt + CONFIRMING_EVALUATION_AFTER - LEAK_ONSET_BEFORE_EVALUATION,
    },
    live: (readyAt) => [
      {
        kind: 'cover',
        wellId: cover.properties.id,
        tiltDeg: COVER_TILT_DEG,
        open: false,
        shockG: 2.1,
        from: readyAt + COVER_AFTER,
      },
      { kind: 'well-leak', wellId: steam.properties.id, flowTh: STEAM_TH, from: readyAt + STEAM_AFTER },
    ],
    calls: (readyAt) => [
      {
        at: readyAt + NOT_HOT_CALL_AFTER,
        call: notHotCall(seed, spotOf(pointById(file, NOT_HOT_STATION)), readyAt + NOT_HOT_CALL_AFTER),
      },
      { at: readyAt + COVER_CALL_AFTER, call: coverCall(seed, spotOf(cover), readyAt + COVER_CALL_AFTER) },
      { at: readyAt + CONSULT_CALL_AFTER, call: consultCall(seed, spotOf(pointById(file, CONSULT_STATION))) },
    ],
    walls: () => [],
  }
}

/** The well at a share of the way along a named pipe, with a device for a signal where one is asked for. */
function wellOn(
  file: NetworkFile,
  wanted: { readonly pipeName: string; readonly signal?: string; readonly share: number },
): PointFeature {
  const ids = new Set(
    pipesOf(file)
      .filter(({ properties }) => properties.name === wanted.pipeName)
      .map(({ properties }) => properties.id),
  )
  const wells = pointsOf(file).filter(({ properties }) => {
    if (properties.kind !== 'well' || !ids.has(properties.onPipe ?? '')) return false
    const devices = properties.devices ?? []
    if (devices.some((device) => device.id.startsWith('spare-'))) return false
    return wanted.signal === undefined || devices.some(({ signals }) => signals.includes(wanted.signal ?? ''))
  })
  const well = wells[Math.floor(wells.length * wanted.share)]
  if (well === undefined) throw new Error(`the demo network has no well for the story on ${wanted.pipeName}`)
  return well
}

function pointById(file: NetworkFile, id: string): PointFeature {
  const point = pointsOf(file).find(({ properties }) => properties.id === id)
  if (point === undefined) throw new Error(`the demo network has no ${id}`)
  return point
}

export function spotOf({ properties, geometry }: PointFeature): Spot {
  return { address: properties.address ?? properties.name, position: geometry.coordinates }
}
