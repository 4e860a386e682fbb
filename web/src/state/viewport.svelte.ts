import { MediaQuery } from 'svelte/reactivity'

/** As wide as a drawing may be on a sheet of A4: nothing can be measured there. */
const PAPER_PX = 660
const narrow = new MediaQuery('(max-width: 1099px)', false)

/** How this screen is used: the wall by its address, a phone or a tablet by its width. */
class Viewport {
  readonly wall = new URLSearchParams(location.search).get('wall') === '1'
  /** The browser makes sheets of paper of what is shown. */
  printing = $state(false)
  #wasNarrow = false

  constructor() {
    if (this.wall) document.documentElement.dataset['wall'] = ''
    addEventListener('beforeprint', () => {
      this.#wasNarrow = narrow.current
      this.printing = true
    })
    addEventListener('afterprint', () => (this.printing = false))
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
