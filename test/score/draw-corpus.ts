/**
 * Draws the corpus from its seeds and writes it: `node test/score/draw-corpus.ts`, or the parts that it names. Once committed it
 * stays; drawn anew it is another corpus, and no figure can be compared with the ones before.
 */
import { writeFileSync } from 'node:fs'
import { candidateSitesOf } from '../../simulators/laboratory/candidate-sites.ts'
import type { Mix } from '../../simulators/laboratory/plans/plan-events.ts'
import { planEvents } from '../../simulators/laboratory/plans/plan-events.ts'
import type { FoundWells, Scenario } from '../../simulators/laboratory/scenario.ts'
import { drawTopology } from '../../simulators/laboratory/topology/topology.ts'
import { CORPUS_PARTS, corpusFile, type CorpusPart } from './corpus.ts'

interface Lot {
  readonly wells: number
  readonly mix: Mix
  readonly days: number
  readonly count: number
}

const LOTS: Readonly<Record<CorpusPart, readonly Lot[]>> = {
  development: [
    { wells: 200, mix: 'events', days: 45, count: 3 },
    { wells: 200, mix: 'operations', days: 60, count: 1 },
    { wells: 200, mix: 'slow', days: 45, count: 1 },
    { wells: 100, mix: 'events', days: 45, count: 2 },
    { wells: 100, mix: 'quiet', days: 60, count: 1 },
    { wells: 1000, mix: 'events', days: 18, count: 1 },
  ],
  calibration: [
    { wells: 200, mix: 'events', days: 45, count: 1 },
    { wells: 200, mix: 'operations', days: 60, count: 1 },
    { wells: 200, mix: 'slow', days: 45, count: 1 },
    { wells: 100, mix: 'events', days: 45, count: 1 },
  ],
  test: [
    { wells: 200, mix: 'events', days: 45, count: 2 },
    { wells: 200, mix: 'operations', days: 60, count: 1 },
    { wells: 200, mix: 'slow', days: 45, count: 1 },
    { wells: 100, mix: 'events', days: 45, count: 1 },
    { wells: 1000, mix: 'events', days: 18, count: 1 },
  ],
  'first-days': [
    { wells: 100, mix: 'quiet', days: 10, count: 1 },
    { wells: 200, mix: 'quiet', days: 10, count: 1 },
    { wells: 350, mix: 'quiet', days: 10, count: 1 },
    { wells: 500, mix: 'quiet', days: 10, count: 1 },
    { wells: 150, mix: 'events', days: 25, count: 1 },
  ],
}
const FIRST_SEED: Readonly<Record<CorpusPart, number>> = {
  development: 1000,
  calibration: 2000,
  test: 3000,
  'first-days': 5000,
}
const FOUND: FoundWells = { wet: 0.35, warm: 0.15, leaning: 0.1 }
const MISMATCH_SHARE = 0.2
const STARTS = ['2025-10-25', '2025-11-20', '2026-01-05', '2026-02-01']

function draw(part: CorpusPart): readonly Scenario[] {
  let seed = FIRST_SEED[part]
  return LOTS[part].flatMap(({ wells, mix, days, count }) =>
    Array.from({ length: count }, (): Scenario => {
      seed += 1
      const topology = { wells, seed }
      const { file } = drawTopology(topology)
      const valves = candidateSitesOf(file).loopValves
      const closedValve = valves[seed % Math.max(1, valves.length)]
      const mismatch = { share: MISMATCH_SHARE, ...(closedValve === undefined ? {} : { closedValve }) }
      return {
        id: `${part}-${String(wells)}-${mix}-${String(seed)}`,
        topology,
        from: `${STARTS[seed % STARTS.length] ?? ''}T00:00:00+08:00`,
        days,
        seed,
        ...(part === 'test' || part === 'first-days' ? { mismatch } : {}),
        ...(part === 'first-days' ? { found: FOUND } : {}),
        events: planEvents({ file, seed, days, mix }),
      }
    }),
  )
}

/** One event a line, so that a change of the corpus can be read. */
function textOf(scenarios: readonly Scenario[]): string {
  const objects = scenarios.map(({ events, ...rest }) => {
    const head = Object.entries(rest).map(([key, value]) => `    ${JSON.stringify(key)}: ${spaced(value)}`)
    const lines = events.map((event) => `      ${spaced(event)}`)
    const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n    ]`
    return `  {\n${head.join(',\n')},\n    "events": ${list}\n  }`
  })
  return `[\n${objects.join(',\n')}\n]\n`
}

function spaced(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${JSON.stringify(one)}`)
  return `{ ${inner.join(', ')} }`
}

const drawn = CORPUS_PARTS.filter((part) => process.argv.length < 3 || process.argv.includes(part))
for (const part of drawn) writeFileSync(corpusFile(part), textOf(draw(part)))
