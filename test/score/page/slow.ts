import type { Outcome } from '../outcome.ts'
import { isSlow, outcomesOf } from '../figures.ts'
import { drawing, label, linear, lowerAxis, tag } from './svg.ts'

const BOX = { left: 92, right: 490, top: 18, bottom: 250 }
const ROWS = 12

/** Each slow leak from its onset to when it was mended; the dot is when it was found, and how big by then. */
export function slowPlot(outcomes: readonly Outcome[]): string {
  const leaks = outcomesOf(outcomes, 'leak')
    .filter(isSlow)
    .toSorted((a, b) => a.event.hours - b.event.hours)
    .slice(-ROWS)
  if (leaks.length === 0) {
    return drawing(
      520,
      300,
      'Slow leaks: none',
      label(260, 140, 'none', { class: 'row', 'text-anchor': 'middle' }),
    )
  }
  const longest = Math.max(8, ...leaks.map(({ event }) => event.hours / 24))
  const ticks = Array.from({ length: Math.floor(longest / 4) + 1 }, (_, i) => i * 4)
  const x = linear([0, longest], [BOX.left, BOX.right], ticks)
  const height = Math.min(28, (BOX.bottom - BOX.top) / Math.max(1, leaks.length))
  const rows = leaks.map(({ event, foundAfterMin }, i) => {
    const y = BOX.top + (i + 0.5) * height
    const { growH = 1, th, fromTh = 0, hours } = event
    const wedge = `M${String(x(0))} ${y.toFixed(1)}L${x(growH / 24).toFixed(1)} ${(y - height * 0.36).toFixed(1)}H${x(hours / 24).toFixed(1)}V${(y + height * 0.36).toFixed(1)}H${x(growH / 24).toFixed(1)}Z`
    const name = label(BOX.left - 8, y + 4, `in ${(growH / 24).toFixed(0)} days`, {
      class: 'row',
      'text-anchor': 'end',
    })
    const drawn = tag('path', { d: wedge, class: 'bar dim' })
    if (foundAfterMin === undefined)
      return name + drawn + label(x(hours / 24) + 6, y + 4, 'not found', { class: 'tick' })
    const days = foundAfterMin / 1440
    const size = fromTh + (th - fromTh) * Math.min(1, (days * 24) / growH)
    const dot = tag('circle', { cx: x(days), cy: y, r: 4.5, class: 'dot' })
    return name + drawn + dot + label(x(days) + 8, y + 4, `${size.toFixed(1)} t/h`, { class: 'tick' })
  })
  return drawing(
    520,
    300,
    'Slow leaks: when they were found and how big they were by then',
    lowerAxis(x, BOX, String) +
      rows.join('') +
      label((BOX.left + BOX.right) / 2, 292, 'days since the onset', {
        class: 'tick',
        'text-anchor': 'middle',
      }),
  )
}
