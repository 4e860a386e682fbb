import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import type { Scenario } from '../../simulators/laboratory/scenario.ts'
import { CORPUS_PARTS, readCorpus, type CorpusPart } from './corpus.ts'
import { verdictOf, type Figure } from './figure.ts'
import { figuresOf } from './figures.ts'
import type { Outcome } from './outcome.ts'
import { pageOf } from './page/page.ts'
import { committed, keepResults } from './results.ts'
import { runCorpus } from './run-corpus.ts'
import { changeOf, intervalText, targetText, valueText } from './words.ts'

/**
 * `npm run score` plays the corpus to the detector and tells its quality; `-- --part test` one part,
 * `-- --quick` a short form, `-- --keep` makes the figures the ones to commit. Fails when a figure of the
 * test part misses what it must reach.
 */
const OUT = new URL('../artifacts/score/', import.meta.url).pathname
const QUICK_DAYS = 24
const print = (line: string): void => void process.stdout.write(`${line}\n`)

const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true },
    quick: { type: 'boolean' },
    keep: { type: 'boolean' },
  },
})
const quick = values.quick ?? false
const unknown = (values.part ?? []).filter((name) => !CORPUS_PARTS.some((part) => part === name))
if (unknown.length > 0) {
  print(`no such part: ${unknown.join(', ')}; there are ${CORPUS_PARTS.join(', ')}`)
  process.exitCode = 2
} else await score(CORPUS_PARTS.filter((part) => values.part?.includes(part) ?? true))

async function score(parts: readonly CorpusPart[]): Promise<void> {
  const began = performance.now()
  const corpus = parts.map((part) => ({
    part,
    scenarios: quick ? shortened(readCorpus(part)) : readCorpus(part),
  }))
  const all = corpus.flatMap(({ scenarios }) => scenarios)
  const threads = Math.max(1, availableParallelism())
  print(`${String(all.length)} scenarios in ${String(threads)} threads`)
  const bar = new SingleBar({
    format: '[{bar}] {percentage} % {doing}',
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(100, 0, { doing: '' })
  const outcomes = await runCorpus(all, threads, (share, doing) => {
    bar.update(Math.floor(share * 100), { doing })
  }).finally(() => {
    bar.stop()
  })
  const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]))
  const played = corpus.map(({ part, scenarios }) => {
    const own = scenarios.flatMap(({ id }) => byId.get(id) ?? [])
    return { part, outcomes: own, figures: figuresOf(own) }
  })
  for (const one of played) tell(one)
  print(costOf(outcomes))
  const figures = Object.fromEntries(played.map((one) => [one.part, one.figures]))
  if (values.keep === true && !quick) keepResults(figures, all.length)
  mkdirSync(OUT, { recursive: true })
  writeFileSync(join(OUT, 'score.json'), `${JSON.stringify({ figures, outcomes }, null, 1)}\n`)
  writeFileSync(join(OUT, 'score.html'), pageOf(played, quick))
  print(
    `${((performance.now() - began) / 1000).toFixed(0)} s; ${OUT}score.html shows it, score.json holds every outcome`,
  )
  const missed = played.some(
    ({ part, figures: own }) => part === 'test' && own.some((one) => verdictOf(one) === 'missed'),
  )
  if (missed && !quick) process.exitCode = 1
}

/** One scenario of each kind but the biggest, cut short. */
function shortened(scenarios: readonly Scenario[]): readonly Scenario[] {
  const kinds = new Map<string, Scenario>()
  for (const scenario of scenarios) {
    const kind = scenario.id.split('-').slice(0, -1).join('-')
    if (scenario.topology.wells < 1000 && !kinds.has(kind)) kinds.set(kind, scenario)
  }
  return [...kinds.values()].map((scenario) => ({
    ...scenario,
    days: Math.min(scenario.days, QUICK_DAYS),
    events: scenario.events.filter(({ startH, hours }) => startH + hours < QUICK_DAYS * 24),
  }))
}

function tell({ part, figures }: { readonly part: CorpusPart; readonly figures: readonly Figure[] }): void {
  const before = committed(part)
  print(`\n${part}`)
  console.table(
    figures.map((figure) => {
      const { text, better } = changeOf(figure, before.get(figure.id))
      return {
        figure: figure.what,
        must: targetText(figure, 'must'),
        aim: targetText(figure, 'aim'),
        result: valueText(figure),
        '95 %': intervalText(figure),
        basis: figure.basis,
        ok: { aim: 'aim', must: 'ok', missed: 'NOT OK', unknown: '?', told: '' }[verdictOf(figure)],
        committed: quick ? '' : `${text}${better === undefined ? '' : better ? ' better' : ' WORSE'}`,
      }
    }),
  )
}

/** What the detector itself took, beside making the readings. */
function costOf(outcomes: readonly Outcome[]): string {
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((before, one) => before + of(one), 0)
  const readings = sum(({ counted }) => counted.readings)
  const ms = sum(({ counted }) => counted.detectorMs)
  const quarters = sum(({ counted }) => counted.days * 96)
  return `detector: ${readings.toLocaleString('en-US')} readings, ${((1000 * ms) / readings).toFixed(1)} µs each with everything, ${(ms / quarters).toFixed(1)} ms a quarter of an hour`
}
