export interface Labelled<T> {
  readonly item: T
  readonly x: number
  /** Row from the top. */
  readonly row: number
  /** The words stand left of their mark, because the right edge is near. */
  readonly left: boolean
}

/**
 * Gives each mark a row so that no words lie on others. `x` and widths are in the same unit; marks come
 * in the order of time. What finds no row goes to the least crowded one.
 */
export function labelRows<T>(
  items: readonly { readonly item: T; readonly x: number; readonly width: number }[],
  most: number,
  edge: number,
): readonly Labelled<T>[] {
  const free = Array.from({ length: most }, () => -Infinity)
  return items.map(({ item, x, width }) => {
    const left = x + width > edge
    const from = left ? x - width : x
    const to = left ? x : x + width
    const fits = free.findIndex((end) => end <= from)
    const row = fits >= 0 ? fits : free.indexOf(Math.min(...free))
    free[row] = Math.max(free[row] ?? 0, to)
    return { item, x, row, left }
  })
}
