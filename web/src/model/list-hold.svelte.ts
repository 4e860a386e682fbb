/** Longest time that a pointer may keep the list from sorting itself anew. */
const HOLD_MS = 5_000

/** The order of the list while a pointer rests on it. */
class ListHold {
  /** Ids in the order of the screen; undefined while the list sorts freely. */
  ids = $state.raw<readonly string[] | undefined>(undefined)
  #timer: ReturnType<typeof setTimeout> | undefined

  hold(ids: readonly string[]): void {
    if (this.ids !== undefined) return
    this.ids = ids
    this.#timer = setTimeout(() => this.release(), HOLD_MS)
  }

  release(): void {
    clearTimeout(this.#timer)
    this.ids = undefined
  }
}

export const listHold = new ListHold()
