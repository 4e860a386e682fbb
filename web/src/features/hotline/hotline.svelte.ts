import type { CallMatch, CallView } from '#contract/hotline.ts'
import type { TicketView } from '#contract/ticket.ts'
import type { IncidentView } from '#contract/incident.ts'
import { ROUTES } from '#contract/routes.ts'
import { request, type Failure } from '../../base/api/request.ts'
import { live } from '../../model/live-feed.svelte.ts'
import { remember, remembered } from '../../model/memory.ts'
import { serverClock } from '../../model/server-clock.svelte.ts'
import { callRequest, emptyDraft, isTouched, type Draft } from './draft.ts'

interface Taken {
  readonly call: CallView
  readonly ticket: TicketView
  readonly incident?: IncidentView
  readonly joined: boolean
  readonly why?: { readonly zh: string; readonly en: string } | string
}

const MEMORY = 'hotline.draft'

/** The call that is being taken. Nothing typed is lost: it is kept here and in the browser until saved. */
class Hotline {
  draft = $state<Draft>(begin())
  matches = $state.raw<readonly CallMatch[]>([])
  asked = $state(false)
  busy = $state(false)
  failure = $state.raw<Failure | undefined>(undefined)
  taken = $state.raw<Taken | undefined>(undefined)
  readonly touched = $derived(isTouched(this.draft))

  set(change: Partial<Draft>): void {
    this.draft = { ...this.draft, ...change }
    remember(MEMORY, JSON.stringify(this.draft))
  }

  /** A form opened afresh counts the call from now. */
  open(): void {
    if (!this.touched) this.draft = emptyDraft(serverClock.now, crypto.randomUUID())
  }

  clear(): void {
    remember(MEMORY, undefined)
    this.draft = emptyDraft(serverClock.now, crypto.randomUUID())
    this.matches = []
    this.asked = false
    this.failure = undefined
    this.taken = undefined
  }

  async findMatches(signal: AbortSignal): Promise<void> {
    const { kind, address, position, assetId } = this.draft
    const query = new URLSearchParams()
    if (kind !== '') query.set('kind', kind)
    if (address.trim() !== '') query.set('address', address.trim())
    if (assetId !== '') query.set('assetId', assetId)
    if (position !== null) {
      query.set('lon', String(position[0]))
      query.set('lat', String(position[1]))
    }
    const answer = await request<{ items?: readonly CallMatch[] } | readonly CallMatch[]>(
      `${ROUTES.callMatches}?${query}`,
      { signal },
    )
    if (signal.aborted) return
    this.asked = true
    if (answer.ok) this.matches = listOf(answer.value)
  }

  async save(): Promise<void> {
    const body = callRequest($state.snapshot(this.draft) as Draft, serverClock.now)
    if (body === undefined || this.busy) return
    this.busy = true
    const { idempotencyKey } = this.draft
    const answer = await request<Taken>(ROUTES.calls, { method: 'POST', body, idempotencyKey })
    this.busy = false
    if (!answer.ok) {
      this.failure = answer
      // A refusal was an answer: the corrected call is another one. Silence may still have saved it.
      if (answer.status !== 0) this.set({ idempotencyKey: crypto.randomUUID() })
      return
    }
    live.takeTicket(answer.value.ticket)
    if (answer.value.incident !== undefined) live.takeIncident(answer.value.incident)
    this.clear()
    this.taken = answer.value
  }
}

function listOf(value: { items?: readonly CallMatch[] } | readonly CallMatch[]): readonly CallMatch[] {
  return 'items' in value ? (value.items ?? []) : (value as readonly CallMatch[])
}

function begin(): Draft {
  const empty = emptyDraft(Date.now(), crypto.randomUUID())
  try {
    return { ...empty, ...(JSON.parse(remembered(MEMORY) ?? '{}') as Partial<Draft>) }
  } catch {
    return empty // Not ours, or of an older page.
  }
}

export const hotline = new Hotline()
