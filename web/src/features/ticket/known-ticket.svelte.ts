import type { IncidentView } from '#contract/incident.ts'
import { ROUTES } from '#contract/routes.ts'
import type { TicketView } from '#contract/ticket.ts'
import { request } from '../../base/api/request.ts'
import { isoText } from '../../base/i18n/time.ts'
import { live } from '../../model/live-feed.svelte.ts'

const PAUSE_MS = 160

/** One ticket as it is, or as it was known at an earlier instant; archived ones are asked for. */
export class KnownTicket {
  readonly id: string = ''
  /** The instant of knowledge; undefined: everything that is known. */
  at = $state<number | undefined>(undefined)
  missing = $state(false)
  #fetched = $state.raw<TicketView | undefined>(undefined)
  #then = $state.raw<TicketView | undefined>(undefined)
  #incident = $state.raw<IncidentView | undefined>(undefined)
  readonly latest: TicketView | undefined = $derived(live.tickets.get(this.id) ?? this.#fetched)
  readonly shown: TicketView | undefined = $derived(
    this.at === undefined ? this.latest : (this.#then ?? this.latest),
  )
  readonly incident: IncidentView | undefined = $derived(
    this.latest?.incidentId === undefined
      ? undefined
      : (live.incidents.get(this.latest.incidentId) ?? this.#incident),
  )

  constructor(id: string) {
    this.id = id
    $effect(() => this.#fetch())
    $effect(() => this.#fetchIncident())
    $effect(() => this.#fetchThen())
  }

  #fetch(): (() => void) | undefined {
    if (live.tickets.has(this.id) || live.snapshots === 0) return undefined
    return asked<TicketView>(ROUTES.ticket(this.id), (ticket) => {
      this.#fetched = ticket
      this.missing = ticket === undefined
    })
  }

  #fetchIncident(): (() => void) | undefined {
    const id = this.latest?.incidentId
    if (id === undefined || live.incidents.has(id)) return undefined
    return asked<IncidentView>(ROUTES.incident(id), (incident) => (this.#incident = incident))
  }

  #fetchThen(): (() => void) | undefined {
    const { at } = this
    if (at === undefined) return undefined
    let stop: (() => void) | undefined
    const timer = setTimeout(() => {
      const query = new URLSearchParams({ at: isoText(at) })
      stop = asked<TicketView>(`${ROUTES.ticket(this.id)}?${query}`, (ticket) => (this.#then = ticket))
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      stop?.()
    }
  }
}

function asked<T>(path: string, take: (value: T | undefined) => void): () => void {
  const stop = new AbortController()
  void request<T>(path, { signal: stop.signal }).then((answer) => {
    if (!stop.signal.aborted) take(answer.ok ? answer.value : undefined)
  })
  return () => stop.abort()
}
