import { isInView } from '../base/ui/in-view.ts'
import { acknowledgement } from './acknowledgement.svelte.ts'
import { dueList, rowOf, type DueList, type DueRow } from './due-list.ts'
import { faults } from './faults.svelte.ts'
import { heldOrder } from './held-order.ts'
import { listHold } from './list-hold.svelte.ts'
import { place } from './router.svelte.ts'
import { session } from './session.svelte.ts'
import { shown } from './view.svelte.ts'

/** The list on the left: what is on it, what is chosen, and walking through it by key. */
class Board {
  /** Officers and crews begin with their own department. */
  ownOnly = $state(true)
  showClosing = $state(false)
  readonly restricted = $derived(session.user?.departmentId !== undefined && !session.has('dispatcher'))
  /** The list shows what is the own department's alone. */
  readonly narrowed = $derived(this.restricted && this.ownOnly)
  /** To acknowledge is dispatch's and the hotline's response to an alarm. */
  readonly mayAcknowledge = $derived(session.has('dispatcher', 'operator') && !shown.past)
  readonly #minute = $derived(Math.floor(shown.now / 60_000) * 60_000)
  readonly #sorted: DueList = $derived(dueList(this.#visible(), shown.incidents, this.#minute))
  readonly list: DueList = $derived(
    listHold.ids === undefined
      ? this.#sorted
      : { ...this.#sorted, due: heldOrder(this.#sorted.due, listHold.ids) },
  )
  /** The rows in the order of the screen. */
  readonly rows: readonly DueRow[] = $derived([
    ...this.list.unacknowledged,
    ...this.list.due,
    ...this.list.shelved,
    ...(this.showClosing ? this.list.closing : []),
  ])
  /** What is chosen, also when it has left the list. */
  readonly chosen: DueRow | undefined = $derived.by(() => {
    const ticket = place.ticketId === undefined ? undefined : shown.tickets.get(place.ticketId)
    return ticket === undefined ? undefined : rowOf(ticket, shown.incidents)
  })

  #visible() {
    const tickets = [...shown.tickets.values()]
    const { user } = session
    if (!this.narrowed || user === undefined) return tickets
    return tickets.filter(
      (ticket) => ticket.department?.id === user.departmentId || ticket.crewIds.includes(user.id),
    )
  }

  /** J and K: one row down or up; from nothing, the first. */
  move(step: 1 | -1): void {
    const at = this.rows.findIndex((row) => row.ticket.id === place.ticketId)
    const next = this.rows[at < 0 ? 0 : Math.min(this.rows.length - 1, Math.max(0, at + step))]
    place.select(next?.ticket.id)
  }

  /** What is chosen if nobody has acknowledged it, else the gravest that nobody has. */
  readonly nextToAcknowledge: DueRow | undefined = $derived(
    this.chosen?.unacknowledged === true ? this.chosen : this.list.unacknowledged[0],
  )

  async acknowledge(row: DueRow): Promise<void> {
    if (this.mayAcknowledge) await acknowledgement.give(row)
  }

  /** Acknowledges only what is seen: what is not is brought into view, and the next press means it. */
  acknowledgeSeen(): void {
    if (!this.mayAcknowledge) return
    const row = this.nextToAcknowledge
    if (row === undefined) return faults.acknowledge()
    const drawn = document.querySelector(`[data-ticket="${CSS.escape(row.ticket.id)}"]`)
    if (drawn !== null && isInView(drawn)) return void this.acknowledge(row)
    if (place.page !== 'desk') place.openDesk()
    place.select(row.ticket.id)
    drawn?.scrollIntoView({ block: 'nearest' })
  }
}

export const board = new Board()
