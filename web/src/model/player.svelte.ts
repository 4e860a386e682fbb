import { shown } from './view.svelte.ts'
import { SPANS, type Span } from './spans.ts'

/** One step of the strip each time: fast enough to see a day, slow enough to read a list. */
const EVERY_MS = 700

/** Plays the past forward, step by step, until it has caught up with now. */
class Player {
  span = $state.raw<Span>(SPANS[1])
  playing = $state(false)
  #timer: ReturnType<typeof setInterval> | undefined

  toggle(): void {
    if (this.playing || !shown.past) return this.stop()
    this.playing = true
    this.#timer = setInterval(() => {
      // The next step waits for the last one's board.
      if (shown.past && !shown.waiting) shown.step(this.span.stepMs)
      if (!shown.past) this.stop()
    }, EVERY_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.playing = false
  }
}

export const player = new Player()
