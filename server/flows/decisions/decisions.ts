import type { Refusal } from '#contract/problem.ts'
import type { DeviceFault } from '#contract/vocabulary.ts'
import type { LiveAlarm } from '#contract/live.ts'
import type { Person } from '../../domain/access/actor.ts'
import type { DetectionSettings } from '../../domain/detection/core/settings.ts'
import type { DeviceFinding } from '../../domain/detection/core/finding.ts'
import type { CountedFact, TicketFact } from '../../domain/kpi/fact.ts'
import type { Lead } from '../../domain/kpi/tally.ts'
import type { Call } from '../../domain/hotline/call.ts'
import type { Drill } from '../../domain/hotline/drill.ts'
import type { Incident } from '../../domain/incident/incident.ts'
import type { Instant } from '../../domain/instant.ts'
import type { CheckIn } from '../../domain/notice/check-in.ts'
import type { Notice } from '../../domain/notice/notice.ts'
import type { Outgoing } from '../../domain/notification/notification.ts'
import type { Subscriber } from '../../domain/notification/webhook-event.ts'
import type { Assessment } from '../../domain/ticket/assessment.ts'
import type { Rules } from '../../domain/ticket/clock.ts'
import type { TicketEvent } from '../../domain/ticket/event.ts'
import type { Ticket } from '../../domain/ticket/ticket.ts'
import type { ShownTicket } from '../../domain/ticket/ticket-for.ts'
import type { DutyStore } from './duty-store.ts'
import type { Clock, LiveFeed, NetworkSource } from '../ports.ts'

/** A ticket and the history that it is the fold of. */
export interface TicketHistory {
  readonly ticket: Ticket
  readonly events: readonly TicketEvent[]
}

export interface TicketFilter {
  /** A state, or `open`: not archived. */
  readonly state?: string
  readonly kind?: string
  readonly level?: string
  readonly department?: string
  readonly q?: string
  readonly cursor?: string
  readonly limit: number
}

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next?: string
}

export interface Attachment {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly bytes: number
  readonly personId: string
  readonly createdAt: Instant
}

/** A call taken over from another system, and the hash of what that system said. */
export interface ExternalCall {
  readonly callId: string
  readonly ticketId: string
  /** Digest of the entry as it last came. */
  readonly fingerprint: string
}
/** Stands for the digest of an entry whose caller has been forgotten. */
export const FORGOTTEN = ''

/** A fault that the detector had told of a device, and not taken back. */
export interface KnownFault {
  readonly deviceId: string
  readonly fault: DeviceFault
  /** Of all its signals where none is named. */
  readonly signal?: string
  readonly eventAt: Instant
}

/** Names one POST of one person, so that sending it twice does it once. */
export interface OnceKey {
  /** Person and route. */
  readonly scope: string
  readonly key: string
  /** Hash of the body: the same key with another body is a mistake. */
  readonly fingerprint: string
}

/** `[from, to)`. */
export interface Period {
  readonly from: Instant
  readonly to: Instant
}

/** What decisions are made from and written into. Inside `transact` all of it is one transaction. */
export interface Repositories {
  readonly tickets: {
    load(id: string): Promise<TicketHistory | undefined>
    /** In the order of the ids; those that are not there are left out. */
    loadAll(ids: readonly string[]): Promise<readonly TicketHistory[]>
    list(filter: TicketFilter): Promise<Page<TicketHistory>>
    ofIncident(incidentId: string): Promise<readonly TicketHistory[]>
    /** The same without their histories, for many incidents at once. */
    foldsOf(incidentIds: readonly string[]): Promise<readonly Ticket[]>
    /** Ids of tickets whose next due instant is not after `at`, earliest first. */
    due(at: Instant, limit: number): Promise<readonly string[]>
    firstDue(): Promise<Instant | undefined>
    openIds(): Promise<readonly string[]>
    /** Every ticket that is not done, with its next due instant as it was last reckoned. */
    openDues(): Promise<readonly { readonly ticket: Ticket; readonly nextDueAt: Instant | undefined }[]>
    /** Adds events behind version `known` and replaces the projection; false when the version is taken. */
    append(known: number, after: TicketHistory, nextDueAt: Instant | undefined): Promise<boolean>
    setDue(id: string, nextDueAt: Instant | undefined): Promise<void>
    /** The next number of a local day, from 1. */
    nextNumber(day: string): Promise<number>
  }
  readonly incidents: {
    load(id: string): Promise<Incident | undefined>
    /** Neither closed nor merged. */
    open(): Promise<readonly Incident[]>
    /** Those that a finding or call is or was a member of. */
    ofMember(memberId: string): Promise<readonly Incident[]>
    mergedInto(id: string): Promise<readonly Incident[]>
    list(filter: { state?: string; cursor?: string; limit: number }): Promise<Page<Incident>>
    /** Opened in the period, neither merged nor an exercise; some at a time, so that a year is never held at once. */
    openedIn(period: Period): AsyncIterable<readonly Incident[]>
    /** Keeps this version beside the earlier ones; `at` is when it was decided. */
    save(incident: Incident, at: Instant): Promise<void>
  }
  readonly calls: {
    load(id: string): Promise<Call | undefined>
    ofTickets(ticketIds: readonly string[]): Promise<readonly Call[]>
    ofIncidents(incidentIds: readonly string[]): Promise<readonly Call[]>
    byIds(ids: readonly string[]): Promise<readonly Call[]>
    save(call: Call): Promise<void>
    /** Takes names and numbers out of calls before then whose tickets are archived; how many. */
    forgetCallers(before: Instant): Promise<number>
    /** The call that another system knows under this number. */
    external(number: string): Promise<ExternalCall | undefined>
    saveExternal(call: ExternalCall & { readonly number: string }): Promise<void>
  }
  readonly checkIns: {
    open(): Promise<readonly CheckIn[]>
    load(id: string): Promise<CheckIn | undefined>
    save(checkIn: CheckIn): Promise<void>
  }
  readonly notices: {
    save(notice: Notice): Promise<void>
    /** Not yet over at `at`, newest first. */
    current(at: Instant): Promise<readonly Notice[]>
  }
  readonly attachments: {
    save(attachment: Attachment): Promise<void>
    load(id: string): Promise<Attachment | undefined>
    existing(ids: readonly string[]): Promise<ReadonlySet<string>>
    /** Named by an event or a notice from now on, and so kept. */
    markUsed(ids: readonly string[]): Promise<void>
    /** Of all attachments, or of those that one person sent after `since`. */
    bytes(by?: { readonly personId: string; readonly since: Instant }): Promise<number>
    /** Takes out what nothing has named since before `before`; returns the ids. */
    removeUnused(before: Instant): Promise<readonly string[]>
  }
  readonly outbox: {
    /** What an event has to tell leaves with its commit or not at all; one id once. */
    add(outgoing: readonly Outgoing[], at: Instant): Promise<void>
  }
  readonly duty: DutyStore
  readonly drills: {
    /** Those that are on at `at`. */
    on(at: Instant): Promise<readonly Drill[]>
    load(id: string): Promise<Drill | undefined>
    /** Newest first, those that are over too. */
    newest(limit: number): Promise<readonly Drill[]>
    /** Ids of rehearsed tickets opened in the period, earliest first. */
    ticketIds(period: Period): Promise<readonly string[]>
    save(drill: Drill): Promise<void>
  }
  readonly figures: {
    /** Facts of tickets that are done, exercises and merged ones apart; a reopened one is dropped. */
    keep(ticket: Ticket, fact: TicketFact): Promise<void>
    drop(ticketId: string): Promise<void>
    facts(period: Period): Promise<readonly CountedFact[]>
    /** Tickets opened in the period that are still open. */
    open(period: Period): Promise<readonly Ticket[]>
    /** Incidents that a sensor and a caller spoke of. */
    leads(
      period: Period,
    ): Promise<readonly (Lead & Pick<TicketFact, 'departmentId' | 'areaId' | 'kind' | 'level'>)[]>
    notices(period: Period): Promise<readonly Notice[]>
    /** Archived tickets without a fact: written by an earlier version. */
    missing(limit: number): Promise<readonly Ticket[]>
  }
  /** What was known at an earlier instant. */
  readonly past: {
    /** Tickets that may have been open at `at`, newest first, each with what had been entered by then. */
    tickets(
      at: Instant,
      limit: number,
    ): Promise<readonly { readonly id: string; readonly events: readonly TicketEvent[] }[]>
    /** Neither closed nor merged then. */
    incidents(at: Instant): Promise<readonly Incident[]>
    faults(at: Instant): Promise<readonly KnownFault[]>
    keepFault(finding: DeviceFinding): Promise<void>
    /** Entries of tickets' histories by bin, counted from the period's beginning. */
    activity(
      period: Period,
      binMs: number,
    ): Promise<readonly { readonly bin: number; readonly events: number }[]>
    /** Tickets entered in the period, newest first. */
    openings(
      period: Period,
      limit: number,
    ): Promise<readonly { readonly at: Instant; readonly ticket: Ticket }[]>
  }
  readonly once: {
    find(key: OnceKey): Promise<{ readonly fingerprint: string; readonly result: unknown } | undefined>
    keep(key: OnceKey, result: unknown, at: Instant): Promise<void>
    /** Forgets the results of before then. */
    forget(before: Instant): Promise<void>
  }
}

/** The store of decisions. A refusal or a throw inside `transact` leaves nothing behind. */
export interface DecisionStore {
  readonly read: Repositories
  transact<T>(work: (repositories: Repositories) => Promise<T | Refusal>): Promise<T | Refusal>
  /** What rows said before they were changed stays in the write-ahead log until it is emptied. */
  emptyLog(): Promise<void>
}

/** Everything that the flows of tickets and incidents need of the world. */
export interface Services {
  readonly store: DecisionStore
  readonly rules: Rules
  readonly settings: () => DetectionSettings
  readonly network: NetworkSource
  readonly live: LiveFeed
  /** What was committed could not be shown: the screens must begin anew. */
  readonly onPublishFailed: (error: unknown) => void
  readonly clock: Clock
  /** Ids that sort by time (UUIDv7): chance and time come from outside. */
  readonly newId: () => string
  readonly person: (id: string) => Promise<Person | undefined>
  /** Programs that are told of tickets (webhooks). */
  readonly subscribers?: readonly Subscriber[]
  /** Remembers planned works for the detector. */
  readonly works?: { add(notice: Notice): void }
}

/** A ticket as a transaction has left it, with the clocks that it has reckoned. */
export interface AssessedTicket extends TicketHistory {
  readonly assessment: Assessment
}

/** One transaction on its way: where it reads and writes, and what it has touched. */
export interface Transaction {
  readonly services: Services
  readonly repositories: Repositories
  readonly changes: Changes
}

/** What a transaction has touched; published once it is on disk. */
export class Changes {
  /** As they were left, by id; those that were only touched are read again. */
  readonly tickets = new Map<string, AssessedTicket | undefined>()
  /** Those that have been shown as they were left. */
  readonly shown = new Map<string, ShownTicket>()
  readonly incidents = new Set<string>()
  readonly alarms: LiveAlarm[] = []
}
