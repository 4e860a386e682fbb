import type { SystemHealth } from '#contract/live.ts'

/**
 * The server's time. A screen's own clock may be wrong by minutes, so every countdown uses this one;
 * while the server runs on a manual clock it stands still until the server says otherwise.
 */
class ServerClock {
  #offset = 0
  #manualAt: number | undefined
  now = $state(Date.now())

  set(nowText: string, clock: SystemHealth['clock']): void {
    const at = Date.parse(nowText)
    if (Number.isNaN(at)) return
    this.#offset = at - Date.now()
    this.#manualAt = clock === 'manual' ? at : undefined
    this.#tick()
  }

  #tick(): void {
    this.now = this.#manualAt ?? Date.now() + this.#offset
  }

  /** Ticks once a second, in step with the server's full second. Returns how to stop. */
  start(): () => void {
    let timer: ReturnType<typeof setTimeout>
    const next = (): void => {
      this.#tick()
      timer = setTimeout(next, 1000 - ((Date.now() + this.#offset) % 1000))
    }
    next()
    return () => clearTimeout(timer)
  }
}

export const serverClock = new ServerClock()
