/** Pages beside the desk; `ticket` is one ticket in full, `asset` one asset. */
export const PAGES = [
  'ticket',
  'asset',
  'tickets',
  'review',
  'notices',
  'devices',
  'watching',
  'backtest',
  'policy',
  'roster',
  'kpi',
  'outbox',
  'users',
] as const
export type PageName = 'desk' | (typeof PAGES)[number]
