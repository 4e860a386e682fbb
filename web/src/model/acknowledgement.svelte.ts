import type { IncidentView } from '#contract/incident.ts'
import { ROUTES } from '#contract/routes.ts'
import { request, type Failure } from '../base/api/request.ts'
import type { DueRow } from './due-list.ts'
import { live } from './live-feed.svelte.ts'

/** So long the server lets who has acknowledged take it back. */
const TAKEN_BACK_WITHIN_MS = 5000

/** What this screen has just acknowledged, while that can be taken back. */
class Acknowledgement {
  given = $state.raw<DueRow | undefined>(undefined)
  failure = $state.raw<Failure | undefined>(undefined)
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Says that a person has seen the alarm; it stops no clock and accepts no ticket. */
  async give(row: DueRow): Promise<void> {
    if (row.incident === undefined) return
    const answer = await this.#send(row.incident.id, 'POST')
    if (answer) this.#show(row)
  }

  async takeBack(): Promise<void> {
    const id = this.given?.incident?.id
    if (id === undefined) return
    this.#show(undefined)
    await this.#send(id, 'DELETE')
  }

  async #send(incidentId: string, method: 'POST' | 'DELETE'): Promise<boolean> {
    const body = method === 'POST' ? { body: {} } : {}
    const answer = await request<IncidentView>(`${ROUTES.incident(incidentId)}/acknowledge`, {
      method,
      ...body,
    })
    if (answer.ok) live.takeIncident(answer.value)
    else this.#show(undefined, answer)
    return answer.ok
  }

  #show(row: DueRow | undefined, failure?: Failure): void {
    clearTimeout(this.#timer)
    this.given = row
    this.failure = failure
    if (row !== undefined || failure !== undefined)
      this.#timer = setTimeout(() => this.#show(undefined), TAKEN_BACK_WITHIN_MS)
  }
}

export const acknowledgement = new Acknowledgement()
