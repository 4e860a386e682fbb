import type { Outcome } from '../outcome.ts'
import { SIZE_CLASSES, isFound, isSlow, outcomesOf } from '../figures.ts'
import { wilson } from '../interval.ts'
import { drawing, label, leftAxis, line, linear, tag } from './svg.ts'

const BOX = { left: 52, right: 500, top: 18, bottom: 250 }
const percent = (share: number) => `${String(Math.round(share * 100))} %`

/** Share of abrupt leaks found within a day, by size, with its interval. */
export function recallPlot(outcomes: readonly Outcome[]): string {
  const leaks = outcomesOf(outcomes, 'leak').filter((one) => !isSlow(one))
  const y = linear([0, 1], [BOX.bottom, BOX.top], [0, 0.25, 0.5, 0.75, 1])
  const width = (BOX.right - BOX.left) / SIZE_CLASSES.length
  const columns = SIZE_CLASSES.map(([low, high], i) => {
    const x = BOX.left + width * (i + 0.5)
    const among = leaks.filter(({ event }) => event.th >= low && event.th < high)
    const found = among.filter(isFound).length
    const name = high === 1000 ? `≥ ${String(low)}` : `${String(low)}–${String(high)}`
    const foot =
      label(x, BOX.bottom + 18, name, { class: 'tick', 'text-anchor': 'middle' }) +
      label(x, BOX.bottom + 34, `${String(found)} of ${String(among.length)}`, {
        class: 'quiet',
        'text-anchor': 'middle',
      })
    const interval = wilson(found, among.length)
    if (interval === undefined) return foot
    const share = found / among.length
    const bar = tag('rect', {
      x: x - 20,
      width: 40,
      y: y(share),
      height: BOX.bottom - y(share),
      class: 'bar',
    })
    const whisker = line(x, y(interval[0]), x, y(interval[1]))('whisker')
    const caps = interval.map((end) => line(x - 7, y(end), x + 7, y(end))('whisker')).join('')
    return bar + whisker + caps + foot
  })
  return drawing(
    520,
    300,
    'Recall of abrupt leaks by size',
    leftAxis(y, BOX, percent) + columns.join('') + line(BOX.left, y(0.95), BOX.right, y(0.95))('must'),
  )
}
