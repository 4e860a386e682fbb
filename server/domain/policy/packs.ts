import type { PolicyPack } from './policy-pack.ts'
import { TIANJIN } from './tianjin.ts'
import { WUDA } from './wuda.ts'

/** The packs that come with Wellwatch, by name; Wuda's is in force unless POLICY_FILE names another. */
export const PACKS: ReadonlyMap<string, PolicyPack> = new Map([WUDA, TIANJIN].map((pack) => [pack.id, pack]))
