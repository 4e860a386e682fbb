/** Pages beside the desk; `ticket` is one ticket in full, `asset` one asset, `design` shows the parts of all. */
export const PAGES = [
  'ticket',
  'asset',
  'tickets',
  'review',
  'notices',
  'devices',
  'profiles',
  'watching',
  'backtest',
  'network',
  'design',
  'policy',
  'roster',
  'kpi',
  'outbox',
  'drills',
  'users',
] as const
/** Without an entry in the top bar, and open to everybody. */
export const UNLISTED = ['ticket', 'asset', 'design'] as const satisfies readonly PageName[]
export type PageName = 'desk' | (typeof PAGES)[number]
