import type { SystemHealth } from '#contract/live.ts'
import { remember, remembered } from './memory.ts'

/** Farther apart than this, one of the clocks was set anew. */
const STEP_MS = 10_000

/** A message that was long on its way makes the server seem behind: of two readings the later one is truer. */
function betterOffset(known: number, heard: number): number {
  return Math.abs(heard - known) < STEP_MS ? Math.max(known, heard) : heard
}

const OFFSET = 'clock-offset'

/** As last heard; a second behind what is true, so that the first reading is the better one. */
function rememberedOffset(): number {
  const kept = Number(remembered(OFFSET) ?? Number.NaN)
  return Number.isFinite(kept) ? kept - 1000 : -Infinity
}

/**
 * The server's time. A screen's own clock may be wrong by minutes, so every countdown uses this one;
 * while the server runs on a manual clock it stands still until the server says otherwise.
 */
class ServerClock {
  #offset = rememberedOffset()
  #manualAt: number | undefined
  now = $state(Date.now())

  set(nowText: string, clock: SystemHealth['clock']): void {
    const at = Date.parse(nowText)
    if (Number.isNaN(at)) return
    this.#offset = betterOffset(this.#offset, at - Date.now())
    this.#manualAt = clock === 'manual' ? at : undefined
    if (clock === 'system') this.#keep()
    this.#tick()
  }

  /** Nothing heard yet: this screen's own clock. */
  get offset(): number {
    return Number.isFinite(this.#offset) ? this.#offset : 0
  }

  /** A phone that starts without a signal still knows how wrong its clock is. */
  #keep(): void {
    const second = String(Math.round(this.#offset / 1000) * 1000)
    if (remembered(OFFSET) !== second) remember(OFFSET, second)
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
