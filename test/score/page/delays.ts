import type { Outcome } from '../outcome.ts'
import { isSlow, outcomesOf } from '../figures.ts'
import { drawing, label, leftAxis, line, logarithmic, lowerAxis, tag } from './svg.ts'

const BOX = { left: 62, right: 500, top: 18, bottom: 250 }
const MISSED_Y = 8
const hours = (minutes: number) => (minutes < 60 ? `${String(minutes)} min` : `${String(minutes / 60)} h`)

/** Every abrupt leak: its size and when it was found. Those not found lie on the upper edge. */
export function delayPlot(outcomes: readonly Outcome[]): string {
  const leaks = outcomesOf(outcomes, 'leak').filter((one) => !isSlow(one))
  const x = logarithmic([0.8, 250], [BOX.left, BOX.right], [1, 2, 5, 10, 20, 50, 100, 200])
  const y = logarithmic([10, 1440], [BOX.bottom, BOX.top + 14], [15, 30, 60, 180, 360, 720, 1440])
  const points = leaks.map(({ event, foundAfterMin }, i) => {
    // The same few sizes come again and again: apart from one another they can be counted.
    const across = x(event.th) + ((i % 5) - 2) * 2.4
    const found = foundAfterMin !== undefined
    return tag('circle', {
      cx: across,
      cy: found ? y(foundAfterMin) : MISSED_Y,
      r: 3.6,
      class: found ? 'dot' : 'missed',
    })
  })
  const musts = [
    [20, 60],
    [50, 40],
  ] as const
  return drawing(
    520,
    300,
    'Delay of each abrupt leak against its size',
    lowerAxis(x, BOX, String) +
      leftAxis(y, BOX, hours) +
      musts
        .map(([th, limit], i) => line(x(th), y(limit), i === 0 ? x(50) : BOX.right, y(limit))('must'))
        .join('') +
      points.join('') +
      label(BOX.left - 8, MISSED_Y + 4, 'not found', { class: 'tick', 'text-anchor': 'end' }) +
      label((BOX.left + BOX.right) / 2, 292, 'size of the leak, t/h', {
        class: 'tick',
        'text-anchor': 'middle',
      }),
  )
}

const CLASSES = [
  { from: 1, below: 5, name: '1–5 t/h', kind: 'line-1' },
  { from: 5, below: 20, name: '5–20 t/h', kind: 'line-2' },
  { from: 20, below: 50, name: '20–50 t/h', kind: 'line-3' },
  { from: 50, below: Infinity, name: '≥ 50 t/h', kind: 'line-4' },
] as const

/** How many were found by when: one curve a class of size. */
export function foundByPlot(outcomes: readonly Outcome[]): string {
  const leaks = outcomesOf(outcomes, 'leak').filter((one) => !isSlow(one))
  const x = logarithmic([10, 1440], [BOX.left, BOX.right - 70], [15, 30, 60, 180, 360, 720, 1440])
  const share = (value: number) => BOX.bottom - value * (BOX.bottom - BOX.top)
  const y = Object.assign(share, { ticks: [0, 0.25, 0.5, 0.75, 1] })
  const names: { text: string; y: number; kind: string }[] = []
  const curves = CLASSES.map(({ from, below, name, kind }) => {
    const among = leaks.filter(({ event }) => event.th >= from && event.th < below)
    const times = among.flatMap(({ foundAfterMin = [] }) => foundAfterMin).sort((a, b) => a - b)
    if (among.length === 0) return ''
    const steps = times.map(
      (minutes, i) => `H${x(minutes).toFixed(1)}V${y((i + 1) / among.length).toFixed(1)}`,
    )
    names.push({ text: name, y: y(times.length / among.length), kind })
    return tag('path', {
      d: `M${String(BOX.left)} ${String(BOX.bottom)}${steps.join('')}H${String(BOX.right - 70)}`,
      class: `curve ${kind}`,
    })
  })
  names.sort((a, b) => a.y - b.y)
  let lowest = -Infinity
  const labels = names.map(({ text, y: at, kind }) => {
    lowest = Math.max(at + 4, lowest + 15)
    return label(BOX.right - 64, lowest, text, { class: `name ${kind}` })
  })
  return drawing(
    520,
    300,
    'Share of leaks found by the time since their onset',
    lowerAxis(x, BOX, hours) +
      leftAxis(y, BOX, (tick) => `${String(tick * 100)} %`) +
      curves.join('') +
      labels.join('') +
      label((BOX.left + BOX.right - 70) / 2, 292, 'time since the onset', {
        class: 'tick',
        'text-anchor': 'middle',
      }),
  )
}
