import { SvelteMap } from 'svelte/reactivity'
import type { IncidentView } from '#contract/incident.ts'
import type { AssetState, LiveAlarm, LiveSnapshot, SystemHealth } from '#contract/live.ts'
import type { TicketView } from '#contract/ticket.ts'
import { readLive } from '../base/api/live-stream.ts'
import type { StreamEvent } from '../base/api/event-stream.ts'
import { serverClock } from './server-clock.svelte.ts'
import { screenName } from './is-wall-display.ts'
import { session } from './session.svelte.ts'

type Link = 'connecting' | 'live' | 'lost'

/** Lines kept for the event strip; older ones are in the ticket's own history. */
const LINES_KEPT = 60
const REST_MS = 1000

/** Everything the screen shows, as the server last said it. */
class LiveFeed {
  link = $state<Link>('connecting')
  /** Local time of the last sign of life. */
  heardAt = $state(Date.now())
  readonly incidents = new SvelteMap<string, IncidentView>()
  readonly tickets = new SvelteMap<string, TicketView>()
  notices = $state.raw<readonly unknown[]>([])
  health = $state.raw<SystemHealth | undefined>(undefined)
  lines = $state.raw<readonly LiveAlarm[]>([])
  /** Plain on purpose: ten thousand assets change by feature-state, not by re-rendering. */
  readonly assets = new Map<string, AssetState>()
  assetsVersion = $state(0)
  /** Follows `assetsVersion` once a second at most: for what looks at all assets anew. */
  assetsRested = $state(0)
  #resting: ReturnType<typeof setTimeout> | undefined
  snapshots = $state(0)
  #assetListeners = new Set<(asset: AssetState) => void>()

  /** Nothing can be sent; after the end of a session it can, and asks who it is. */
  get isUnreachable(): boolean {
    return this.link === 'lost' && !session.ended
  }

  /** Follows the server until stopped. */
  start(): () => void {
    const stop = new AbortController()
    void readLive({
      signal: stop.signal,
      screen: screenName(location.search),
      onEvent: (event) => this.#take(event),
      onLink: (link) => (this.link = link),
      onAlive: () => (this.heardAt = Date.now()),
      onSignedOut: () => (session.ended = true),
    })
    return () => stop.abort()
  }

  onAsset(listener: (asset: AssetState) => void): () => void {
    this.#assetListeners.add(listener)
    return () => this.#assetListeners.delete(listener)
  }

  /** A newer version that a command's answer brought; the feed may say it again. */
  takeTicket(ticket: TicketView): void {
    const known = this.tickets.get(ticket.id)
    if (known === undefined || known.version <= ticket.version) this.tickets.set(ticket.id, ticket)
  }

  /** What a phone remembers; the server's own snapshot replaces it. */
  showKept(tickets: readonly TicketView[], incidents: readonly IncidentView[]): void {
    replaceAll(this.incidents, incidents)
    replaceAll(this.tickets, tickets)
  }

  takeIncident(incident: IncidentView): void {
    this.incidents.set(incident.id, incident)
  }

  #take({ event, data }: StreamEvent): void {
    const value: unknown = JSON.parse(data)
    if (event === 'snapshot') this.#replace(value as LiveSnapshot)
    else if (event === 'incident') this.takeIncident(value as IncidentView)
    else if (event === 'ticket') this.takeTicket(value as TicketView)
    else if (event === 'asset') this.#takeAsset(value as AssetState)
    else if (event === 'notice') this.notices = [...this.notices, value].slice(-LINES_KEPT)
    else if (event === 'alarm') this.#takeAlarm(value as LiveAlarm)
    else if (event === 'health') this.#takeHealth(value as SystemHealth)
  }

  #replace(snapshot: LiveSnapshot): void {
    serverClock.set(snapshot.now, snapshot.health.clock)
    replaceAll(this.incidents, snapshot.incidents)
    replaceAll(this.tickets, snapshot.tickets)
    this.notices = snapshot.notices
    this.health = snapshot.health
    this.assets.clear()
    for (const asset of snapshot.assets) this.assets.set(asset.id, asset)
    this.#countAsset()
    this.snapshots += 1
  }

  /** A feed that resumes may say an alarm again. */
  #takeAlarm(alarm: LiveAlarm): void {
    this.lines = [alarm, ...this.lines.filter((line) => line.id !== alarm.id)].slice(0, LINES_KEPT)
  }

  #takeHealth(health: SystemHealth): void {
    serverClock.set(health.at, health.clock)
    this.health = health
  }

  #countAsset(): void {
    this.assetsVersion += 1
    if (this.#resting === undefined) this.#rest()
  }

  #rest(): void {
    this.assetsRested = this.assetsVersion
    this.#resting = setTimeout(() => {
      this.#resting = undefined
      if (this.assetsRested !== this.assetsVersion) this.#rest()
    }, REST_MS)
  }

  #takeAsset(asset: AssetState): void {
    this.assets.set(asset.id, asset)
    this.#countAsset()
    for (const listener of this.#assetListeners) listener(asset)
  }
}

function replaceAll<T extends { readonly id: string }>(map: SvelteMap<string, T>, items: readonly T[]): void {
  const ids = new Set(items.map((item) => item.id))
  for (const id of [...map.keys()]) if (!ids.has(id)) map.delete(id)
  for (const item of items) map.set(item.id, item)
}

export const live = new LiveFeed()
