import type { IsolationView } from '#contract/isolation.ts'
import { ROUTES } from '#contract/routes.ts'
import { request, type Failure } from '../base/api/request.ts'

/** The valves that cut one asset off, as the server traces them; asked anew when a valve will not move. */
class Isolation {
  found = $state.raw<IsolationView | undefined>(undefined)
  failure = $state.raw<Failure | undefined>(undefined)
  loading = $state(false)
  /** Valves that somebody has found stuck, in the order in which they were told. */
  stuck = $state.raw<readonly string[]>([])
  #assetId: string | undefined
  #asked: AbortController | undefined

  /** Shows another asset, or with undefined none. What was stuck there may be sound here. */
  show(assetId: string | undefined): void {
    if (assetId === this.#assetId) return
    this.#assetId = assetId
    this.stuck = []
    this.found = undefined
    void this.#ask()
  }

  /** A valve that cannot be closed: the trace goes on to the next ring. Told again, it is sound. */
  toggleStuck(valveId: string): void {
    this.stuck = this.stuck.includes(valveId)
      ? this.stuck.filter((id) => id !== valveId)
      : [...this.stuck, valveId]
    void this.#ask()
  }

  retry(): void {
    void this.#ask()
  }

  async #ask(): Promise<void> {
    this.#asked?.abort()
    this.failure = undefined
    this.loading = this.#assetId !== undefined
    if (this.#assetId === undefined) return
    const asked = new AbortController()
    this.#asked = asked
    const query = new URLSearchParams({ asset: this.#assetId, stuck: this.stuck.join(',') })
    const answer = await request<IsolationView>(`${ROUTES.isolation}?${query}`, { signal: asked.signal })
    if (asked.signal.aborted) return
    this.loading = false
    if (answer.ok) this.found = answer.value
    else this.failure = answer
  }
}

export const isolation = new Isolation()
