import type { Tick } from '../../domain/duty/contingency.ts'
import type { Author, Exception, PlanVersion, SettingsVersion } from '../../domain/duty/book.ts'
import type { Stretch } from '../../domain/duty/gaps.ts'
import type { Handover, HandoverRecord, Signature } from '../../domain/duty/handover.ts'
import type { PhoneTest } from '../../domain/duty/phone-test.ts'
import type { Instant } from '../../domain/instant.ts'

interface HandoverFilter {
  readonly departmentId?: string
  readonly cursor?: string
  readonly limit: number
}

/** Duty on disk. Everything is added, nothing is ever changed or removed. */
export interface DutyStore {
  readonly roster: {
    plans(): Promise<readonly PlanVersion[]>
    settings(): Promise<readonly SettingsVersion[]>
    /** In the order of entry, with their cancellations. */
    exceptions(): Promise<readonly Exception[]>
    /** False when the version is taken. */
    addPlan(plan: PlanVersion): Promise<boolean>
    addSettings(version: SettingsVersion): Promise<boolean>
    addException(exception: Exception): Promise<void>
    /** False when it is cancelled already. */
    cancel(id: string, at: Instant, by: Author): Promise<boolean>
  }
  readonly phoneTests: {
    /** Tests of turns that begin in the stretch, in the order of entry. */
    ofTurns(stretch: Stretch): Promise<readonly PhoneTest[]>
    add(test: PhoneTest): Promise<void>
  }
  readonly alarms: {
    /** Which of these have been raised already. */
    raised(keys: readonly string[]): Promise<ReadonlySet<string>>
    add(key: string, at: Instant): Promise<void>
  }
  readonly handovers: {
    load(id: string): Promise<HandoverRecord | undefined>
    /** Newest first. */
    list(
      filter: HandoverFilter,
    ): Promise<{ readonly items: readonly HandoverRecord[]; readonly next?: string }>
    /** Not signed by both sides and not carried over yet, oldest first. */
    unsigned(departmentId: string): Promise<readonly HandoverRecord[]>
    /** Also notes, for each that it carries, where it goes on. */
    add(handover: Handover): Promise<void>
    /** False when the side has signed already. */
    sign(handoverId: string, signature: Signature): Promise<boolean>
  }
  readonly contingency: {
    /** In the order of entry. */
    ticks(ticketId: string): Promise<readonly Tick[]>
    add(tick: Tick): Promise<void>
  }
}
