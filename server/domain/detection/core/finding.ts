import type { Evidence, LocationCandidate } from '#contract/incident.ts'
import type { DeviceFault, TicketKind } from '#contract/vocabulary.ts'
import type { Instant } from '../../instant.ts'

/** Families of detectors; correlation decides by family what may become one incident. */
export type FindingFamily = 'cover' | 'well' | 'leak' | 'station'

/**
 * What a detector says of a signal. Ids are made from device, rule and the first bad sample's time,
 * so a replay after a restart says the same thing again and changes nothing.
 */
export interface EmergencyFinding {
  readonly kind: 'emergency'
  readonly id: string
  readonly phase: 'raised' | 'updated' | 'cleared'
  readonly family: FindingFamily
  readonly ticketKind: TicketKind
  /** Detector rule, for example `cover.displaced`, `well.steam`, `leak.makeup`. */
  readonly rule: string
  /** Server time at which the rule confirmed it; starts clocks. */
  readonly at: Instant
  /** Time of the first bad sample; shown, starts no clock. */
  readonly eventAt: Instant
  /** Undefined: the leak is not located. */
  readonly assetId?: string
  readonly deviceId?: string
  readonly located: boolean
  readonly candidates: readonly LocationCandidate[]
  /** Weight in log-odds. */
  readonly logOdds: number
  readonly evidence: Evidence
}

/** Device health: maintenance, never an emergency by itself. */
export interface DeviceFinding {
  readonly kind: 'device'
  readonly id: string
  readonly phase: 'raised' | 'cleared'
  readonly deviceId: string
  readonly assetId?: string
  readonly signal?: string
  readonly fault: DeviceFault
  /** Set for an outage of many devices at once: all of them; `deviceId` is the first. */
  readonly deviceIds?: readonly string[]
  readonly at: Instant
  readonly eventAt: Instant
  readonly evidence: Evidence
}

/** Work that can wait: the plant does its duty, badly or dearly, and somebody plans a visit. Never an incident. */
export interface UpkeepFinding {
  readonly kind: 'upkeep'
  readonly id: string
  readonly phase: 'raised' | 'updated' | 'cleared'
  readonly at: Instant
  readonly eventAt: Instant
  readonly assetId: string
  readonly deviceId: string
  readonly evidence: Evidence
}

export type Finding = EmergencyFinding | DeviceFinding | UpkeepFinding

/** Version of the detector, part of every evidence. */
export const MODEL = 'rules-2'
