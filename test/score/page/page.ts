import { readFileSync } from 'node:fs'
import type { CorpusPart } from '../corpus.ts'
import type { Figure } from '../figure.ts'
import { verdictOf } from '../figure.ts'
import type { Outcome } from '../outcome.ts'
import { committed } from '../results.ts'
import { confusionPlot } from './confusion.ts'
import { delayPlot, foundByPlot } from './delays.ts'
import { lanes } from './lanes.ts'
import { recallPlot } from './recall.ts'
import { slowPlot } from './slow.ts'
import { hopsPlot, wrongPlot } from './wrong.ts'

export interface PlayedPart {
  readonly part: CorpusPart
  readonly outcomes: readonly Outcome[]
  readonly figures: readonly Figure[]
}

const STYLE = readFileSync(new URL('./page.css', import.meta.url), 'utf8')
const ABOUT: Readonly<Record<CorpusPart, string>> = {
  test: 'Frozen: no rule and no threshold has seen it, and its networks differ from their files (roughness and flows by up to 20 %, one valve wrongly shut).',
  calibration: 'Thresholds may be set on it.',
  development: 'Rules may be tuned on it.',
  'first-days':
    'New installations: ground water stands in a third of the wells, some are warm, some lids lean and nobody registered how. Networks differ from their files as in the test part.',
}

/** One page, whole in itself: the figures and what they come from, the test part first. */
export function pageOf(parts: readonly PlayedPart[], quick: boolean): string {
  const order: readonly CorpusPart[] = ['test', 'first-days', 'calibration', 'development']
  const sorted = parts.toSorted((a, b) => order.indexOf(a.part) - order.indexOf(b.part))
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Wellwatch: detection quality</title><style>${STYLE}</style></head><body>
<header><h1>Detection quality <span lang="zh">检测质量</span></h1>
<p>${quick ? 'Short form: few events, wide intervals. ' : ''}What the detector said of simulated seasons, held against what happened in them. An event is found by an incident of its kind within 24 hours and before its end.</p></header>
<main>${sorted.map(partOf).join('\n')}</main></body></html>
`
}

function partOf({ part, outcomes, figures }: PlayedPart): string {
  const judged = figures.filter(({ target }) => target !== undefined)
  const count = (...verdicts: readonly string[]) =>
    judged.filter((one) => verdicts.includes(verdictOf(one))).length
  const days = outcomes.reduce((sum, { counted }) => sum + counted.days, 0)
  const events = outcomes.reduce((sum, one) => sum + one.events.length, 0)
  const plots = [
    [
      'Leaks found, by size',
      'Abrupt leaks within a day, with 95 % intervals; dashed: what must be reached from 5 t/h on.',
      recallPlot,
    ],
    ['When they were found', 'Every leak; dashed: what the median must reach.', delayPlot],
    ['Found by when', 'Share of each size that was found so long after its onset.', foundByPlot],
    ['Slow leaks', 'From 1 to 20 t/h, then mended; the dot is when each was found.', slowPlot],
    [
      'Where they were looked for',
      'Leaks of 50 t/h and more; solid: the true well was among the ten named.',
      hopsPlot,
    ],
    [
      'False incidents',
      'By kind and by what went on within six hours; solid: confirmed, pale: suspected.',
      wrongPlot,
    ],
  ] as const
  const figure = ([title, words, plot]: (typeof plots)[number]) =>
    `<figure><figcaption><h3>${title}</h3><p>${words}</p></figcaption>${plot(outcomes)}</figure>`
  return `<section><h2>${part}</h2><p>${ABOUT[part]} ${String(outcomes.length)} seasons, ${String(days)} days, ${String(events)} events.</p>
<p class="tally"><b class="aim">${String(count('aim'))}</b> aims reached <b class="must">${String(count('must'))}</b> musts reached <b class="missed">${String(count('missed'))}</b> missed</p>
${lanes(figures, committed(part))}
<div class="plots">${plots.map(figure).join('')}</div>
<figure class="wide"><figcaption><h3>What faults were called</h3><p>Rows: what was wrong, and how often. Framed: its right name. Last column: taken for a leak.</p></figcaption><div class="scroll">${confusionPlot(outcomes)}</div></figure></section>`
}
