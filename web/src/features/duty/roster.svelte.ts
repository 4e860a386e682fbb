import type { DutyPlan, GapView, OnDutyView, PhoneTestView } from '#contract/duty.ts'
import type { DutyTimeline } from '#contract/duty-timeline.ts'
import { ROUTES } from '#contract/routes.ts'
import { request } from '../../base/api/request.ts'
import { isoText, midnight } from '../../base/i18n/time.ts'
import { serverClock } from '../../model/server-clock.svelte.ts'

/** A roster in force, or one that will be. */
export interface KnownPlan extends DutyPlan {
  readonly version: number
  readonly since: string
}

export interface DepartmentDuty {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly plan?: KnownPlan
  readonly newest?: KnownPlan
}

export interface KnownException {
  readonly id: string
  readonly kind: 'override' | 'temporary'
  readonly departmentId: string
  readonly groupId: string
  readonly from: string
  readonly to: string
  readonly cancelledAt?: string
  readonly reason?: string
  readonly remove?: string
  readonly add?: string
  readonly swapId?: string
  readonly by: { readonly name: string }
}

interface RosterAnswer {
  readonly season: { readonly inSeason: boolean; readonly from: string; readonly to: string }
  readonly departments: readonly DepartmentDuty[]
  readonly exceptions: readonly KnownException[]
}

export const AHEAD_DAYS = [3, 14, 31] as const
export type AheadDays = (typeof AHEAD_DAYS)[number]

/** What is known of duty, of all departments; read anew after each change and every minute. */
export class Roster {
  departments = $state.raw<readonly DepartmentDuty[]>([])
  exceptions = $state.raw<readonly KnownException[]>([])
  season = $state.raw<RosterAnswer['season'] | undefined>(undefined)
  onDuty = $state.raw<readonly OnDutyView[] | undefined>(undefined)
  tests = $state.raw<readonly PhoneTestView[]>([])
  timeline = $state.raw<DutyTimeline | undefined>(undefined)
  days = $state<AheadDays>(14)
  departmentId = $state('')
  readonly department: DepartmentDuty | undefined = $derived(
    this.departments.find(({ id }) => id === this.departmentId),
  )
  /** What plans are edited from: the newest, which may begin later. */
  readonly plan: KnownPlan | undefined = $derived(this.department?.newest ?? this.department?.plan)

  /** Too few people, now or ahead. */
  gapsOf(departmentId: string): readonly GapView[] {
    return gapsAhead(this.timeline, departmentId)
  }

  /** `[from, to)` of the timeline: from the last midnight on. */
  get stretch(): { readonly from: number; readonly to: number } {
    return { from: midnight(serverClock.now), to: midnight(serverClock.now, this.days) }
  }

  get query(): string {
    const { from, to } = this.stretch
    return new URLSearchParams({ from: isoText(from), to: isoText(to) }).toString()
  }

  async load(): Promise<void> {
    const [roster, onDuty, tests, timeline] = await Promise.all([
      request<RosterAnswer>(ROUTES.roster),
      request<{ items: readonly OnDutyView[] }>(ROUTES.onDuty),
      request<{ items: readonly PhoneTestView[] }>(ROUTES.phoneTests),
      request<DutyTimeline>(`${ROUTES.rosterTimeline}?${this.query}`),
    ])
    if (roster.ok) {
      this.departments = roster.value.departments
      this.exceptions = roster.value.exceptions
      this.season = roster.value.season
    }
    if (onDuty.ok) this.onDuty = onDuty.value.items
    if (tests.ok) this.tests = tests.value.items
    if (timeline.ok) this.timeline = timeline.value
  }
}

export function gapsAhead(timeline: DutyTimeline | undefined, departmentId: string): readonly GapView[] {
  return (timeline?.gaps ?? []).filter(
    (gap) => gap.departmentId === departmentId && Date.parse(gap.to) > serverClock.now,
  )
}
