import { ROUTES } from '#contract/routes.ts'
import type { WatchingView } from '#contract/coverage.ts'
import { request, type Failure } from '../base/api/request.ts'
import { live } from './live-feed.svelte.ts'

const EVERY_MS = 60_000
/** Many devices fall silent together: one question for all of them. */
const GATHER_MS = 2000

/** Where nothing is seen any more; asked anew when a device falls away or comes back. */
class Watching {
  view = $state.raw<WatchingView | undefined>(undefined)
  failure = $state.raw<Failure | undefined>(undefined)
  #health = new Map<string, string>()
  #users = 0
  #stop: (() => void) | undefined

  /** Follows while anybody looks. Returns how to stop. */
  follow(): () => void {
    this.#users += 1
    this.#stop ??= this.#start()
    return () => {
      this.#users -= 1
      if (this.#users > 0) return
      this.#stop?.()
      this.#stop = undefined
    }
  }

  #start(): () => void {
    let gathering: ReturnType<typeof setTimeout> | undefined
    const ask = (): void => {
      gathering = undefined
      void this.#ask()
    }
    const timer = setInterval(ask, EVERY_MS)
    const unsubscribe = live.onAsset(({ id, health }) => {
      const before = this.#health.get(id)
      this.#health.set(id, health)
      if (before !== undefined && before !== health) gathering ??= setTimeout(ask, GATHER_MS)
    })
    ask()
    return () => {
      clearInterval(timer)
      clearTimeout(gathering)
      unsubscribe()
    }
  }

  async #ask(): Promise<void> {
    const answer = await request<WatchingView>(ROUTES.blindSpots)
    this.failure = answer.ok ? undefined : answer
    if (answer.ok) this.view = answer.value
  }
}

export const watching = new Watching()
