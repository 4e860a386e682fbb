import type { TopologyOrder } from './topology/topology.ts'

/** When something happens: hours since the season began, and for how long. */
interface Spell {
  readonly startH: number
  readonly hours: number
}

/** A hole in a primary pipe at a point; a slow leak grows from `fromTh` over `growH`. */
export interface LeakEvent extends Spell {
  readonly kind: 'leak'
  readonly at: string
  readonly side: 'supply' | 'return'
  readonly th: number
  readonly fromTh?: number
  readonly growH?: number
}

/** Water into a well's chamber; on the primary network the make-up replaces it. */
export interface WellLeakEvent extends Spell {
  readonly kind: 'well-leak'
  readonly at: string
  readonly th: number
}

/** A break in a station's secondary network. */
export interface SecondaryLeakEvent extends Spell {
  readonly kind: 'secondary-leak'
  readonly at: string
  readonly th: number
}

/** A cover out of place. `says`: the device debounces and sends an event, or only samples. */
export interface CoverEvent extends Spell {
  readonly kind: 'cover'
  readonly at: string
  readonly state: 'displaced' | 'open' | 'missing'
  readonly tiltDeg: number
  readonly says: 'event' | 'samples' | 'one sample'
}

/** A vehicle drives over a cover: tilted for less than two seconds. */
export interface TruckEvent extends Spell {
  readonly kind: 'truck'
  readonly at: string
  readonly tiltDeg: number
}

/** A crew opens a well on purpose: the cover is open all the same. */
export interface WorksEvent extends Spell {
  readonly kind: 'works'
  readonly at: string
}

/** A sensor or its way to the server fails; `fault` names one of `simulators/faults`. */
export interface FaultEvent extends Spell {
  readonly kind: 'fault'
  readonly device: string
  readonly signal?: string
  readonly fault: string
  readonly size?: number
}

/** What the plant's operators do, or what happens to the plant. */
interface PlantEvent extends Spell {
  readonly kind: 'set-point' | 'pump-trip' | 'transient' | 'filling'
  /** Share of the pump speed; K of the supply temperature; t/h that a filling draws. */
  readonly size: number
}

/** The network of radio is away for a share of the battery devices; afterwards they send late batches. */
export interface OutageEvent extends Spell {
  readonly kind: 'outage'
  readonly share: number
}

export type LabEvent =
  | LeakEvent
  | WellLeakEvent
  | SecondaryLeakEvent
  | CoverEvent
  | TruckEvent
  | WorksEvent
  | FaultEvent
  | PlantEvent
  | OutageEvent

/** How the world differs from what the network file says of it, so that no model of the file is exact. */
interface Mismatch {
  /** Roughness and station flows are off by up to this share, each pipe and station by its own. */
  readonly share: number
  /** A valve that everybody believes open. */
  readonly closedValve?: string
}

/** How a company's wells are found, in shares of all: none of it is a leak or a cover out of place. */
export interface FoundWells {
  /** Ground water stands in the chamber, and rises and falls with the rain; its air is moist. */
  readonly wet: number
  /** The chamber is far warmer than others: bare pipes, no draught. */
  readonly warm: number
  /** The frame lies on a slope, and nobody has registered the lid's angle. */
  readonly leaning: number
}

/** A season to be generated: plain JSON, and the same readings every time. */
export interface Scenario {
  readonly id: string
  readonly topology: TopologyOrder
  /** First instant, ISO 8601. */
  readonly from: string
  readonly days: number
  readonly seed: number
  readonly mismatch?: Mismatch
  /** Undefined: every chamber is dry and every lid level. */
  readonly found?: FoundWells
  readonly events: readonly LabEvent[]
}
