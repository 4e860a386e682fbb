/** What goes wrong in the simulated world. All instants are simulated time, `until` exclusive. */
interface Lasting {
  readonly from: number
  readonly until?: number
}

/** A hole in a primary pipe at a point; grows to its size over `growMs`. */
export interface PipeLeak extends Lasting {
  readonly kind: 'pipe-leak'
  readonly pointId: string
  readonly side: 'supply' | 'return'
  /** Flow at the pressure of normal operation, t/h. */
  readonly flowTh: number
  readonly growMs?: number
}

/** Water that leaks into a well's chamber: steam on the primary network, a rising level on the secondary. */
export interface WellLeak extends Lasting {
  readonly kind: 'well-leak'
  readonly wellId: string
  readonly flowTh: number
}

/** A break in a station's secondary network. */
interface SecondaryLeak extends Lasting {
  readonly kind: 'secondary-leak'
  readonly stationId: string
  readonly flowTh: number
}

/** A cover that does not lie as it should. */
export interface CoverMoved extends Lasting {
  readonly kind: 'cover'
  readonly wellId: string
  readonly tiltDeg: number
  readonly open: boolean
  readonly shockG?: number
}

export type Effect = PipeLeak | WellLeak | SecondaryLeak | CoverMoved

export function lasts(effect: Lasting, at: number): boolean {
  return at >= effect.from && at < (effect.until ?? Infinity)
}

/** Flow of a leak at an instant, t/h: it grows linearly, in steps of a twentieth. */
export function leakTh(leak: PipeLeak, at: number): number {
  if (!lasts(leak, at)) return 0
  const grown = leak.growMs === undefined ? 1 : Math.min(1, (at - leak.from) / leak.growMs)
  return (leak.flowTh * Math.ceil(grown * 20)) / 20
}
