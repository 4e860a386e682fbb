import type { PolicyPack } from './policy-pack.ts'

/** A pack as it was in force from an instant on; tickets opened under it keep it. */
export interface Edition {
  /** Fingerprint of its content. */
  readonly id: string
  readonly since: number
  readonly pack: PolicyPack
}

/**
 * An older edition as this version of the engine reads it: what it could not say yet is as in the pack in
 * force, and nothing that it does say is changed.
 */
export function completed(older: PolicyPack, inForce: PolicyPack): PolicyPack {
  return {
    ...inForce,
    ...older,
    flags: { ...inForce.flags, ...older.flags },
    settings: { ...inForce.settings, ...older.settings },
    clauses: { ...inForce.clauses, ...older.clauses },
    clocks: { ...inForce.clocks, ...older.clocks },
    kinds: { ...inForce.kinds, ...older.kinds },
  }
}
