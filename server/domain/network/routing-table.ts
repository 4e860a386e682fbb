import { DEPARTMENTS } from '#contract/vocabulary.ts'

/**
 * Who takes what, as the policy says it (第四条A): a department's id for each rule of the routing table
 * (policy.md §4), `area` where it is the one of the area. D1 always is the area's, D6 the dispatch centre's.
 */
export interface RoutingTable {
  /** Primary trunk under construction or in warranty. */
  readonly D2: string
  /** Primary network in service. */
  readonly D3: string
  /** Primary branch under construction (A9). */
  readonly D4: string
  /** The heat-exchange station itself (A8). */
  readonly D5: string
  /** A branch in service and still in warranty (A9). */
  readonly branchInWarranty: 'D2' | 'D3'
}

export const WUDA_ROUTING: RoutingTable = {
  D2: DEPARTMENTS.networkEng,
  D3: DEPARTMENTS.networkOps,
  D4: DEPARTMENTS.networkEng,
  D5: 'area',
  branchInWarranty: 'D3',
}
