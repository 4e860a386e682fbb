import { ROUTES } from '#contract/routes.ts'
import { request } from '../base/api/request.ts'
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

  /** Says that a person has seen the alarm; it stops no clock and accepts no ticket. */
  async acknowledge(row: DueRow | undefined = this.#toAcknowledge()): Promise<void> {
    if (!this.mayAcknowledge) return
    if (row === undefined) faults.acknowledge()
    if (row?.incident === undefined) return
    await request(`${ROUTES.incident(row.incident.id)}/acknowledge`, { method: 'POST', body: {} })
  }

  #toAcknowledge(): DueRow | undefined {
    return this.chosen?.unacknowledged === true ? this.chosen : this.list.unacknowledged[0]
  }
}

export const board = new Board()
