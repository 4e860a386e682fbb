import type { AssetHealth, PastBoard } from '#contract/board.ts'
import type { IncidentView } from '#contract/incident.ts'
import { ROUTES } from '#contract/routes.ts'
import type { TicketView } from '#contract/ticket.ts'
import { request, type Failure } from '../base/api/request.ts'
import { isoText } from '../base/i18n/time.ts'
import { live } from './live-feed.svelte.ts'
import { serverClock } from './server-clock.svelte.ts'

interface Then {
  readonly at: number
  readonly tickets: ReadonlyMap<string, TicketView>
  readonly incidents: ReadonlyMap<string, IncidentView>
  readonly health: ReadonlyMap<string, AssetHealth>
  readonly blindPipeIds: readonly string[]
}

/** A slider that is drawn asks for many instants; only where it rests is read. */
const PAUSE_MS = 120
/** So near to now, it is now. */
const NOW_MS = 2000

/** What the desk shows: the world as it is, or as it was known at an earlier instant. */
class Shown {
  /** The instant asked for; undefined: now. */
  at = $state<number | undefined>(undefined)
  failure = $state.raw<Failure | undefined>(undefined)
  #then = $state.raw<Then | undefined>(undefined)
  #asked: AbortController | undefined
  readonly past = $derived(this.at !== undefined)
  readonly #shown = $derived(this.at === undefined ? undefined : this.#then)
  /** The instant of what is shown; follows `at` as soon as its board has come. */
  readonly now: number = $derived(this.#shown?.at ?? serverClock.now)
  readonly tickets: ReadonlyMap<string, TicketView> = $derived(this.#shown?.tickets ?? live.tickets)
  readonly incidents: ReadonlyMap<string, IncidentView> = $derived(this.#shown?.incidents ?? live.incidents)
  /** Of the assets that were not normal then; undefined while the live ones are shown. */
  readonly health: ReadonlyMap<string, AssetHealth> | undefined = $derived(this.#shown?.health)
  /** Stretches that nothing watched then; undefined while the present is shown. */
  readonly blindPipeIds: readonly string[] | undefined = $derived(this.#shown?.blindPipeIds)
  readonly waiting = $derived(this.at !== undefined && this.#then?.at !== this.at)

  go(at: number): void {
    if (at >= serverClock.now - NOW_MS) return this.toLive()
    this.at = Math.round(at / 1000) * 1000
    void this.#ask(this.at)
  }

  step(ms: number): void {
    this.go((this.at ?? serverClock.now) + ms)
  }

  toLive(): void {
    this.#asked?.abort()
    this.at = undefined
    this.failure = undefined
    this.#then = undefined
  }

  async #ask(at: number): Promise<void> {
    this.#asked?.abort()
    const asked = new AbortController()
    this.#asked = asked
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    if (asked.signal.aborted) return
    const query = new URLSearchParams({ at: isoText(at) })
    const answer = await request<PastBoard>(`${ROUTES.board}?${query}`, { signal: asked.signal })
    if (asked.signal.aborted) return
    this.failure = answer.ok ? undefined : answer
    if (answer.ok) this.#then = thenOf(at, answer.value)
  }
}

function thenOf(at: number, { tickets, incidents, assets, blindPipeIds }: PastBoard): Then {
  return {
    at,
    blindPipeIds,
    tickets: new Map(tickets.map((ticket) => [ticket.id, ticket])),
    incidents: new Map(incidents.map((incident) => [incident.id, incident])),
    health: new Map(assets.map(({ id, health }) => [id, health])),
  }
}

export const shown = new Shown()
