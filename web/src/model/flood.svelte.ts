import { alarmInstants, alarmRate } from './alarm-rate.ts'
import { board } from './board.svelte.ts'
import { floodGroups, floodSince, type FloodGroup } from './flood.ts'
import { live } from './live-feed.svelte.ts'
import { network } from './network.svelte.ts'
import { serverClock } from './server-clock.svelte.ts'

/** More alarms than a person can take one by one: lists and plates are drawn otherwise while it lasts. */
class Flood {
  readonly #now = $derived(Math.floor(serverClock.now / 10_000) * 10_000 + 10_000)
  readonly #instants = $derived(alarmInstants(live.tickets.values(), live.lines))
  readonly since: number | undefined = $derived(floodSince(this.#instants, this.#now))
  readonly on: boolean = $derived(this.since !== undefined)
  readonly inTenMinutes: number = $derived(alarmRate(this.#instants, this.#now).at(-1) ?? 0)
  readonly groups: readonly FloodGroup[] = $derived(
    this.on
      ? floodGroups(board.list.unacknowledged, ({ ticket }) =>
          ticket.assetId === undefined ? undefined : network.index.assets.get(ticket.assetId)?.line,
        )
      : [],
  )
  /** Facilities of the group that somebody wants to see. */
  wanted = $state.raw<readonly string[]>([])
}

export const flood = new Flood()
