import type { BacktestView } from '#contract/backtest.ts'
import type { IncidentView } from '#contract/incident.ts'
import { ROUTES } from '#contract/routes.ts'
import { request, type Failure } from '../../base/api/request.ts'
import type { RunChange } from './compare.ts'
import type { Settings } from '../../model/settings.ts'

export type Run = BacktestView & { readonly changes: readonly RunChange[] }

const POLL_MS = 700
/** Pages of incidents read at most for one comparison. */
const MAX_PAGES = 20

/** The what-if runs that the server remembers, and the one that is looked at. */
export class Runs {
  items = $state.raw<readonly BacktestView[]>([])
  settings = $state.raw<Settings>({})
  failure = $state.raw<Failure | undefined>(undefined)
  loaded = $state(false)
  run = $state.raw<Run | undefined>(undefined)
  /** What the live system had raised by itself in the run's period. */
  raised = $state.raw<readonly IncidentView[] | undefined>(undefined)
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  async load(): Promise<void> {
    const answer = await request<{ items: readonly BacktestView[]; settings: Settings }>(ROUTES.backtests)
    if (!answer.ok) return void (this.failure = answer)
    this.items = answer.value.items
    this.settings = answer.value.settings
    this.loaded = true
    const [newest] = this.items
    if (this.run === undefined && newest !== undefined) await this.open(newest.id)
  }

  async begin(
    period: { from: string; to: string },
    settings: Readonly<Record<string, number>>,
  ): Promise<void> {
    const answer = await request<BacktestView>(ROUTES.backtests, {
      method: 'POST',
      body: { ...period, settings },
    })
    this.failure = answer.ok ? undefined : answer
    if (!answer.ok) return
    this.items = [answer.value, ...this.items]
    await this.open(answer.value.id)
  }

  async open(id: string): Promise<void> {
    this.raised = undefined
    this.run = undefined
    await this.#follow(id)
    if (this.run !== undefined) this.raised = await incidentsOf(this.run)
  }

  async stop(id: string): Promise<void> {
    const answer = await request(ROUTES.backtest(id), { method: 'DELETE' })
    if (!answer.ok) this.failure = answer
    await this.#follow(id)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  /** Reads the run, and again while it is running. */
  async #follow(id: string): Promise<void> {
    clearTimeout(this.#timer)
    const answer = await request<Run>(ROUTES.backtest(id))
    if (!answer.ok) return void (this.failure = answer)
    const run = answer.value
    this.run = run
    this.items = this.items.map((one) => (one.id === id ? run : one))
    if (run.state !== 'running' || this.#closed) return
    this.#timer = setTimeout(() => void this.#follow(id), POLL_MS)
  }
}

/** Newest first until the period is passed; a day more, since an incident may open before it is joined. */
async function incidentsOf({ from }: BacktestView): Promise<readonly IncidentView[]> {
  const found: IncidentView[] = []
  const earliest = Date.parse(from) - 24 * 3_600_000
  let cursor = ''
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ limit: '200', ...(cursor === '' ? {} : { cursor }) })
    const answer = await request<{ items: readonly IncidentView[]; next?: string }>(
      `${ROUTES.incidents}?${query}`,
    )
    if (!answer.ok) return found
    found.push(...answer.value.items)
    cursor = answer.value.next ?? ''
    const last = answer.value.items.at(-1)
    if (cursor === '' || last === undefined || Date.parse(last.openedAt) < earliest) return found
  }
  return found
}
