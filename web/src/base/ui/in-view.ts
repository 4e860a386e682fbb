/** Inside an edge that a border or a neighbour may share. */
const EDGE_PX = 3

/** Whether somebody sees the whole of an element: not scrolled away, not beneath anything, not shut off. */
export function isInView(element: Element): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect()
  const x = (left + right) / 2
  return [top + EDGE_PX, bottom - EDGE_PX].every((y) => element.contains(document.elementFromPoint(x, y)))
}
