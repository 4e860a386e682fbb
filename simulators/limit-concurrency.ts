/** Lets at most `width` in at a time; the others wait in order. */
export interface ConcurrencyLimit {
  /** Resolves with how to leave again. */
  enter(): Promise<() => void>
}

export function createConcurrencyLimit(width: number): ConcurrencyLimit {
  const waiting: (() => void)[] = []
  let inside = 0
  const leave = () => {
    const next = waiting.shift()
    if (next === undefined) inside -= 1
    else next()
  }
  return {
    enter() {
      if (inside < width) {
        inside += 1
        return Promise.resolve(leave)
      }
      return new Promise((resolve) => waiting.push(() => resolve(leave)))
    },
  }
}
