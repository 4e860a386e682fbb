import { withNames } from '#contract/former-names.ts'
import type { IncidentView } from '#contract/incident.ts'
import type { NetworkFile } from '#contract/network.ts'
import type { TicketView } from '#contract/ticket.ts'
import { live } from '../../model/live-feed.svelte.ts'
import { serverClock } from '../../model/server-clock.svelte.ts'
import { network } from '../../model/network.svelte.ts'
import type { User } from '../../model/session.svelte.ts'
import { keepKnown, known } from '../../model/pocket.ts'

interface KeptBoard {
  readonly userId: string
  readonly at: number
  readonly tickets: readonly TicketView[]
  readonly incidents: readonly IncidentView[]
  readonly network?: NetworkFile
}

const NAME = 'board'
const PAUSE_MS = 3000

/** A crew's tickets as last heard, so that a phone that starts without a signal still knows its work. */
class RememberedBoard {
  /** When what is shown was heard; undefined while the server itself speaks. */
  asOf = $state<number | undefined>(undefined)
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Shows what was kept, unless the server has spoken meanwhile. */
  async show(user: User): Promise<void> {
    // A phone may still hold what an older version of the page kept.
    const kept = withNames(await known(NAME)).value as KeptBoard | undefined
    if (kept?.userId !== user.id || live.snapshots > 0) return
    live.showKept(kept.tickets, kept.incidents)
    network.file ??= kept.network
    this.asOf = kept.at
  }

  /** Keeps what the server says now; a moment later, so that a burst is written once. */
  keep(user: User): void {
    this.asOf = undefined
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const mine = ownOf([...live.tickets.values()], user)
      const ids = new Set(mine.map(({ incidentId }) => incidentId))
      const board: KeptBoard = {
        userId: user.id,
        at: serverClock.now,
        tickets: mine,
        incidents: [...live.incidents.values()].filter(({ id }) => ids.has(id)),
        ...(network.file === undefined ? {} : { network: network.file }),
      }
      void keepKnown(NAME, board)
    }, PAUSE_MS)
  }
}

/** Only what is this person's business lies in a phone that can be lost. */
function ownOf(tickets: readonly TicketView[], { id, departmentId }: User): readonly TicketView[] {
  return tickets.filter(({ department, crewIds }) => department?.id === departmentId || crewIds.includes(id))
}

export const rememberedBoard = new RememberedBoard()
