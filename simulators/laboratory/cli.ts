import { SingleBar } from 'cli-progress'
import { MIXES, planEvents } from './plans/plan-events.ts'
import { candidateSitesOf } from './candidate-sites.ts'
import type { Scenario } from './scenario.ts'
import { createSeason } from './season.ts'
import { drawTopology } from './topology/topology.ts'
import { writeSeason } from './write-season.ts'
import { argumentsOf } from '../arguments.ts'

const USAGE = `npm run laboratory -- --out DIR [--wells 200] [--days 60] [--seed 1] [--topology SEED]
                      [--mix ${MIXES.join('|')}] [--from 2025-10-20] [--mismatch 0.2]

Writes network.geojson, readings.csv (for npm run backtest) and truth.json of a simulated season: the
same for the same seeds. --mismatch makes roughness and flows differ from the file by up to that share
and shuts a valve that the file calls open.`

const OPTIONS = {
  help: { type: 'boolean' },
  out: { type: 'string' },
  wells: { type: 'string', default: '200' },
  days: { type: 'string', default: '60' },
  seed: { type: 'string', default: '1' },
  topology: { type: 'string' },
  mix: { type: 'string', default: 'events' },
  from: { type: 'string', default: '2025-10-20' },
  mismatch: { type: 'string', default: '0' },
} as const

process.exitCode = await main()

async function main(): Promise<number> {
  const asked = argumentsOf(OPTIONS)
  if (typeof asked === 'string') return failed(asked)
  if (asked.help === true || asked.out === undefined) {
    console.info(USAGE)
    return asked.help === true ? 0 : 2
  }
  const wells = within('--wells', asked.wells, [20, 5000])
  const days = within('--days', asked.days, [1, 366])
  const seed = within('--seed', asked.seed, [0, 1e9])
  const topologySeed = within('--topology', asked.topology ?? asked.seed, [0, 1e9])
  const share = within('--mismatch', asked.mismatch, [0, 0.9])
  const mix = MIXES.find((name) => name === asked.mix)
  const from = `${asked.from}T00:00:00+08:00`
  for (const wrong of [wells, days, seed, topologySeed, share]) {
    if (typeof wrong === 'string') return failed(wrong)
  }
  if (mix === undefined) return failed(`--mix ${asked.mix} is none of ${MIXES.join(', ')}`)
  if (Number.isNaN(Date.parse(from))) return failed(`--from ${asked.from} is no date such as 2025-10-20`)

  const topology = { wells: Math.round(Number(wells)), seed: Number(topologySeed) }
  const { file } = drawTopology(topology)
  const [closedValve] = candidateSitesOf(file).loopValves
  const scenario: Scenario = {
    id: `laboratory-${String(topology.wells)}-${String(topologySeed)}-${String(seed)}`,
    topology,
    from,
    days: Number(days),
    seed: Number(seed),
    ...(Number(share) === 0
      ? {}
      : { mismatch: { share: Number(share), ...(closedValve === undefined ? {} : { closedValve }) } }),
    events: planEvents({ file, seed: Number(seed), days: Number(days), mix }),
  }
  return await write(scenario, asked.out)
}

async function write(scenario: Scenario, dir: string): Promise<number> {
  const began = performance.now()
  const bar = new SingleBar({
    format: 'season [{bar}] {percentage} %',
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(100, 0)
  try {
    const season = await createSeason(scenario)
    const { network, readings, truth, rows } = writeSeason(season, dir, (share) => {
      bar.update(Math.floor(share * 100))
    })
    bar.stop()
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.info(
      `${network}\n${readings}: ${rows.toLocaleString('en-US')} rows, ${String(scenario.days)} days in ${seconds} s`,
    )
    console.info(`${truth}: ${String(scenario.events.length)} events`)
    return 0
  } catch (error) {
    bar.stop()
    return failed(error instanceof Error ? error.message : String(error))
  }
}

/** The number, or what is wrong with it. */
function within(name: string, text: string, [min, max]: readonly [number, number]): number | string {
  const value = Number(text)
  if (text.trim() !== '' && value >= min && value <= max) return value
  return `${name} ${text} is not between ${String(min)} and ${String(max)}`
}

function failed(why: string): number {
  console.error(`laboratory: ${why}`)
  return 1
}
