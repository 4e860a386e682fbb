import { DEVICE_FAULTS } from '#contract/vocabulary.ts'
import { FAULTS } from '../../../simulators/faults/catalogue.ts'
import { outcomesOf } from '../figures.ts'
import type { Outcome } from '../outcome.ts'
import { drawing, label, tag } from './svg.ts'

const LEFT = 176
const TOP = 76
const CELL = { width: 56, height: 26 }

/** What each simulated fault was called within twelve hours; the right name is framed. */
export function confusionPlot(outcomes: readonly Outcome[]): string {
  const faults = outcomesOf(outcomes, 'fault')
  const columns = [...DEVICE_FAULTS, 'nothing'] as const
  const rows = FAULTS.map((fault) => {
    const own = faults.filter(({ event }) => event.fault === fault.id)
    const called = own.map(({ foundAfterMin, expectedFault, calledInstead }) =>
      foundAfterMin !== undefined && expectedFault !== undefined
        ? expectedFault
        : (calledInstead ?? 'nothing'),
    )
    return { fault, called, asLeak: own.filter(({ takenForLeak }) => takenForLeak === true).length }
  }).filter(({ called }) => called.length > 0)
  const heads = [...columns, 'as a leak'].map((name, c) => {
    const x = LEFT + (c + 0.5) * CELL.width + (c === columns.length ? 12 : 0)
    return tag(
      'text',
      { x, y: TOP - 10, class: 'tick', transform: `rotate(-40 ${String(x)} ${String(TOP - 10)})` },
      name,
    )
  })
  const cells = rows.map(({ fault, called, asLeak }, r) => {
    const y = TOP + r * CELL.height
    const name = `${fault.id} (${String(called.length)})`
    const own = columns.map((column, c) => {
      const count = called.filter((one) => one === column).length
      return cell({
        x: LEFT + c * CELL.width,
        y,
        count,
        of: called.length,
        right: column === (fault.expected ?? 'nothing'),
      })
    })
    const leak = cell({
      x: LEFT + columns.length * CELL.width + 12,
      y,
      count: asLeak,
      of: called.length,
      right: false,
    })
    return label(LEFT - 10, y + 17, name, { class: 'row', 'text-anchor': 'end' }) + own.join('') + leak
  })
  const width = LEFT + (columns.length + 1) * CELL.width + 24
  return drawing(
    width,
    TOP + rows.length * CELL.height + 8,
    'Faults by what they were called',
    heads.join('') + cells.join(''),
  )
}

function cell(one: { x: number; y: number; count: number; of: number; right: boolean }): string {
  const { x, y, count, of, right } = one
  const frame = { x: x + 1.5, y: y + 1.5, width: CELL.width - 3, height: CELL.height - 3, rx: 3 }
  const fill = tag('rect', {
    ...frame,
    class: count === 0 ? 'cell' : right ? 'cell right' : 'cell wrong',
    'fill-opacity': String(0.06 + 0.84 * (count / of)),
  })
  const rim = right ? tag('rect', { ...frame, class: 'rim' }) : ''
  const text =
    count === 0
      ? ''
      : label(x + CELL.width / 2, y + 17, String(count), {
          class: count / of > 0.55 ? 'count on' : 'count',
          'text-anchor': 'middle',
        })
  return fill + rim + text
}
