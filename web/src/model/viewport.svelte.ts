import { MediaQuery } from 'svelte/reactivity'
import type { Role } from '#contract/vocabulary.ts'
import { hangs, isWall } from './is-wall-display.ts'

/** As wide as a drawing may be on a sheet of A4: nothing can be measured there. */
const PAPER_PX = 660
const narrow = new MediaQuery('(max-width: 1099px)', false)

/** How this screen is used: the wall by its account or its address, a phone or a tablet by its width. */
class Viewport {
  /** The account that is signed in is a wall's. */
  hangs = $state(false)
  /** The browser makes sheets of paper of what is shown. */
  printing = $state(false)
  #wasNarrow = false

  constructor() {
    this.usedBy([])
    addEventListener('beforeprint', () => {
      this.#wasNarrow = narrow.current
      this.printing = true
    })
    addEventListener('afterprint', () => (this.printing = false))
  }

  get wall(): boolean {
    return isWall(location.search, this.hangs)
  }

  /** The letters have their size before anything is measured in them. */
  usedBy(roles: readonly Role[]): void {
    this.hangs = hangs(roles)
    document.documentElement.toggleAttribute('data-wall', this.wall)
  }

  /** A sheet of paper is narrow too, but shows what the screen showed. */
  get narrow(): boolean {
    return this.printing ? this.#wasNarrow : narrow.current
  }

  /** Pixels that a drawing has, of those that were measured on the screen. */
  drawingPx(measured: number): number {
    return this.printing ? PAPER_PX : measured
  }
}

export const viewport = new Viewport()
