import type { Outcome } from '../outcome.ts'
import { outcomesOf, isSlow } from '../figures.ts'
import { drawing, label, line, linear, lowerAxis, tag } from './svg.ts'

const KINDS = { primary_leak: 'leak', well_vent: 'well', cover: 'cover', hes_secondary: 'secondary' } as const

/** False incidents by kind and by what went on beside them. */
export function wrongPlot(outcomes: readonly Outcome[]): string {
  const wrong = outcomes.flatMap(({ incidents }) => incidents.filter((one) => !one.true))
  const rows = new Map<string, { suspected: number; confirmed: number }>()
  for (const { kind, beside, confirmed } of wrong) {
    const name = `${KINDS[kind as keyof typeof KINDS] ?? kind}, beside ${beside ?? 'nothing'}`
    const row = rows.get(name) ?? { suspected: 0, confirmed: 0 }
    rows.set(
      name,
      confirmed ? { ...row, confirmed: row.confirmed + 1 } : { ...row, suspected: row.suspected + 1 },
    )
  }
  const sorted = [...rows]
    .sort(([, a], [, b]) => b.suspected + b.confirmed - a.suspected - a.confirmed)
    .slice(0, 9)
  const longest = Math.max(4, ...sorted.map(([, row]) => row.suspected + row.confirmed))
  const x = linear([0, longest], [190, 490], [])
  const bars = sorted.map(([name, { suspected, confirmed }], i) => {
    const y = 20 + i * 28
    return (
      label(180, y + 14, name, { class: 'row', 'text-anchor': 'end' }) +
      tag('rect', { x: x(0), y, width: x(confirmed) - x(0), height: 18, class: 'bar bad' }) +
      tag('rect', { x: x(confirmed), y, width: x(suspected) - x(0), height: 18, class: 'bar dim' }) +
      label(x(suspected + confirmed) + 6, y + 14, String(suspected + confirmed), { class: 'tick' })
    )
  })
  const none = sorted.length === 0 ? label(250, 130, 'none', { class: 'row', 'text-anchor': 'middle' }) : ''
  return drawing(520, 300, 'False incidents by kind and circumstance', bars.join('') + none)
}

const HOPS = { left: 40, right: 500, top: 20, bottom: 250 }
const MAX_HOPS = 12

/** How far the first well on the list lay from a leak of 50 t/h and more. */
export function hopsPlot(outcomes: readonly Outcome[]): string {
  const leaks = outcomesOf(outcomes, 'leak').filter((one) => !isSlow(one) && one.event.th >= 50)
  const counts = Array.from({ length: MAX_HOPS + 2 }, () => ({ listed: 0, other: 0 }))
  for (const { location } of leaks) {
    const place = location?.hops === undefined ? MAX_HOPS + 1 : Math.min(MAX_HOPS, location.hops)
    const bin = counts[place]
    if (bin !== undefined) bin[location?.listed === true ? 'listed' : 'other'] += 1
  }
  const most = Math.max(4, ...counts.map(({ listed, other }) => listed + other))
  const width = (HOPS.right - HOPS.left) / counts.length
  const y = (n: number) => HOPS.bottom - (n / most) * (HOPS.bottom - HOPS.top)
  const bars = counts.map(({ listed, other }, i) => {
    const x = HOPS.left + i * width
    const name = i > MAX_HOPS ? 'no list' : i === MAX_HOPS ? `${String(i)}+` : String(i)
    const total = listed + other
    return (
      tag('rect', {
        x: x + 3,
        width: width - 6,
        y: y(listed),
        height: HOPS.bottom - y(listed),
        class: 'bar',
      }) +
      tag('rect', {
        x: x + 3,
        width: width - 6,
        y: y(total),
        height: y(listed) - y(total),
        class: 'bar dim',
      }) +
      (total === 0
        ? ''
        : label(x + width / 2, y(total) - 5, String(total), { class: 'tick', 'text-anchor': 'middle' })) +
      label(x + width / 2, HOPS.bottom + 16, name, { class: 'tick', 'text-anchor': 'middle' })
    )
  })
  const foot = line(HOPS.left, HOPS.bottom, HOPS.right, HOPS.bottom)('grid')
  const scale = linear([0, 1], [0, 1], [])
  return drawing(
    520,
    300,
    'Pipes between the first named well and the hole',
    lowerAxis(scale, HOPS, String) +
      bars.join('') +
      foot +
      label(270, 292, 'pipes from the first named well to the hole', {
        class: 'tick',
        'text-anchor': 'middle',
      }),
  )
}
