import { DEPARTMENTS } from '#contract/vocabulary.ts'

/**
 * Who takes what, as the policy says it (第四条A): a department's id for each rule of the routing table,
 * `area` where it is the one of the area. The secondary side always is the area's, and what no rule
 * fits the dispatch centre's.
 */
export interface RoutingTable {
  /** Primary trunk under construction or in warranty. */
  readonly trunk_under_warranty: string
  /** Primary network in service. */
  readonly primary_in_service: string
  /** Primary branch under construction (A9). */
  readonly branch_under_construction: string
  /** The heat-exchange station itself (A8). */
  readonly station: string
  /** A branch in service and still in warranty (A9). */
  readonly branchInWarranty: 'trunk_under_warranty' | 'primary_in_service'
}

export const WUDA_ROUTING: RoutingTable = {
  trunk_under_warranty: DEPARTMENTS.networkEng,
  primary_in_service: DEPARTMENTS.networkOps,
  branch_under_construction: DEPARTMENTS.networkEng,
  station: 'area',
  branchInWarranty: 'primary_in_service',
}
