import type { Role } from '#contract/vocabulary.ts'
import type { PageName, UNLISTED } from './page-names.ts'

/** A page in the top bar. */
export type NavigablePage = Exclude<PageName, (typeof UNLISTED)[number]>

const DESKS: readonly Role[] = ['dispatcher', 'service', 'officer', 'admin', 'engineer']
const FOR: Readonly<Record<NavigablePage, readonly Role[] | 'all'>> = {
  desk: 'all',
  tickets: ['operator', 'dispatcher', 'service', 'officer', 'crew'],
  review: ['dispatcher', 'service'],
  notices: ['operator', 'dispatcher', 'service', 'officer'],
  devices: ['dispatcher', 'engineer', 'admin'],
  profiles: ['engineer', 'admin'],
  watching: ['dispatcher', 'engineer', 'admin'],
  backtest: ['engineer'],
  network: ['engineer', 'admin'],
  policy: 'all',
  roster: [...DESKS, 'operator', 'crew'],
  kpi: DESKS,
  outbox: ['dispatcher', 'engineer', 'admin'],
  drills: ['dispatcher', 'officer', 'engineer'],
  users: ['admin'],
}
const ORDER: readonly NavigablePage[] = [
  'desk',
  'tickets',
  'review',
  'notices',
  'roster',
  'kpi',
  'drills',
  'devices',
  'profiles',
  'outbox',
  'watching',
  'backtest',
  'network',
  'policy',
  'users',
]

/** What these roles have work on: what somebody may not do is not offered. */
export function pagesOf(roles: readonly Role[]): readonly NavigablePage[] {
  return ORDER.filter((page) => {
    const allowed = FOR[page]
    return allowed === 'all' || roles.some((role) => allowed.includes(role))
  })
}
