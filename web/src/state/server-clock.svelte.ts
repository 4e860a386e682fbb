import type { SystemHealth } from '#contract/live.ts'

/** Farther apart than this, one of the clocks was set anew. */
const STEP_MS = 10_000

/** A message that was long on its way makes the server seem behind: of two readings the later one is truer. */
function betterOffset(known: number, heard: number): number {
  return Math.abs(heard - known) < STEP_MS ? Math.max(known, heard) : heard
}

/**
 * The server's time. A screen's own clock may be wrong by minutes, so every countdown uses this one;
 * while the server runs on a manual clock it stands still until the server says otherwise.
 */
class ServerClock {
  #offset = -Infinity
  #manualAt: number | undefined
  now = $state(Date.now())

  set(nowText: string, clock: SystemHealth['clock']): void {
    const at = Date.parse(nowText)
    if (Number.isNaN(at)) return
    this.#offset = betterOffset(this.#offset, at - Date.now())
    this.#manualAt = clock === 'manual' ? at : undefined
    this.#tick()
  }

  /** Nothing heard yet: this screen's own clock. */
  get offset(): number {
    return Number.isFinite(this.#offset) ? this.#offset : 0
  }

  #tick(): void {
    this.now = this.#manualAt ?? Date.now() + this.offset
  }

  /** Ticks once a second, in step with the server's full second. Returns how to stop. */
  start(): () => void {
    let timer: ReturnType<typeof setTimeout>
    const next = (): void => {
      this.#tick()
      timer = setTimeout(next, 1000 - ((Date.now() + this.offset) % 1000))
    }
    next()
    return () => clearTimeout(timer)
  }
}

export const serverClock = new ServerClock()
