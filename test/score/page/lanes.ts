import type { Figure } from '../figure.ts'
import { verdictOf } from '../figure.ts'
import { changeOf, intervalText, targetText, valueText } from '../words.ts'
import { drawing, escapeText, line, linear, tag } from './svg.ts'

const WIDTH = 260
const WORDS = {
  aim: 'aim reached',
  must: 'must reached',
  missed: 'missed',
  unknown: 'not measured',
  told: '',
} as const

/** The table of figures: each with its target, its interval on a lane, and how it moved. */
export function lanes(figures: readonly Figure[], before: ReadonlyMap<string, number>): string {
  const rows = figures.map((figure) => {
    const verdict = verdictOf(figure)
    const { text, better } = changeOf(figure, before.get(figure.id))
    const moved = better === undefined ? '' : better ? 'better' : 'worse'
    const sub = figure.what.startsWith('·')
    return `<tr class="${verdict}${sub ? ' sub' : ''}"><th scope="row">${escapeText(figure.what)}</th>
<td class="value">${valueText(figure)}</td><td class="lane">${lane(figure)}</td>
<td>${targetText({ ...figure, unit: '' }, 'must')}</td><td>${targetText({ ...figure, unit: '' }, 'aim')}</td>
<td class="verdict">${WORDS[verdict]}</td><td class="quiet">${figure.basis}${figure.interval === undefined ? '' : `, ${intervalText(figure)}`}</td>
<td class="${moved}">${text}${moved === '' ? '' : ` ${moved}`}</td></tr>`
  })
  const heads = ['Figure', 'Measured', '', 'Must', 'Aim', '', 'From, and 95 % interval', 'Since committed']
  return `<div class="scroll"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`
}

function lane({ value, interval, target, unit, what }: Figure): string {
  if (value === undefined) return ''
  const highest = Math.max(value, interval?.[1] ?? 0, target?.must ?? 0)
  const end = unit === '' ? 1 : highest * 1.1 || 1
  const x = linear([0, end], [6, WIDTH - 6], [])
  const marks =
    target === undefined
      ? ''
      : line(x(target.must), 2, x(target.must), 22)('must') +
        line(x(target.aim), 6, x(target.aim), 18)('aim-mark')
  const reach =
    interval === undefined
      ? ''
      : tag('line', { x1: x(interval[0]), x2: x(Math.min(end, interval[1])), y1: 12, y2: 12, class: 'reach' })
  return drawing(
    WIDTH,
    24,
    what,
    line(6, 12, WIDTH - 6, 12)('grid') +
      marks +
      reach +
      tag('circle', { cx: x(value), cy: 12, r: 4.5, class: 'dot' }),
  )
}
