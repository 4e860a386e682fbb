import { describe, expect, it } from 'vitest'
import { candidateSitesOf } from '../../simulators/laboratory/candidate-sites.ts'
import { planEvents } from '../../simulators/laboratory/plans/plan-events.ts'
import type { LabEvent, Scenario } from '../../simulators/laboratory/scenario.ts'
import { drawTopology } from '../../simulators/laboratory/topology/topology.ts'
import { SPLIT_PARTS, readCorpus } from './corpus.ts'
import { figuresOf } from './figures.ts'
import { judge } from './judge.ts'
import { play } from './play.ts'

const all = SPLIT_PARTS.flatMap((part) => readCorpus(part).map((scenario) => ({ part, scenario })))
const eventsOf = (part: string) => all.flatMap((one) => (one.part === part ? one.scenario.events : []))

describe('the corpus', () => {
  it('is split by seed, half of it for development, and no network stands in two parts', () => {
    const seeds = new Set(all.map(({ scenario }) => scenario.topology.seed))
    expect(seeds.size).toBe(all.length)
    const days = (part: string) =>
      all.reduce((sum, one) => sum + (one.part === part ? one.scenario.days : 0), 0)
    const whole = SPLIT_PARTS.reduce((sum, part) => sum + days(part), 0)
    expect(days('development') / whole).toBeGreaterThan(0.45)
    expect(days('test') / whole).toBeGreaterThan(0.25)
  })

  it('has networks that differ from their files in the test part only', () => {
    for (const { part, scenario } of all) {
      expect(scenario.mismatch?.share, scenario.id).toBe(part === 'test' ? 0.2 : undefined)
    }
    expect(
      readCorpus('test').filter(({ mismatch }) => mismatch?.closedValve !== undefined).length,
    ).toBeGreaterThan(2)
  })

  it('has every kind of event in each part, and every fault of the simulators', () => {
    for (const part of SPLIT_PARTS) {
      const events = eventsOf(part)
      const kinds = new Set(events.map(({ kind }) => kind))
      const wanted: readonly LabEvent['kind'][] = [
        'leak',
        'well-leak',
        'secondary-leak',
        'cover',
        'truck',
        'works',
        'fault',
        'set-point',
        'pump-trip',
        'transient',
        'filling',
        'outage',
      ]
      for (const kind of wanted) expect(kinds, part).toContain(kind)
      expect(events.some((event) => event.kind === 'leak' && event.growH !== undefined)).toBe(true)
    }
    const faults = new Set(
      eventsOf('development').flatMap((event) => (event.kind === 'fault' ? [event.fault] : [])),
    )
    expect(faults.size).toBe(16)
  })

  it('names only places and devices that its networks have', () => {
    for (const { scenario } of all) {
      const { file } = drawTopology(scenario.topology)
      const points = new Set(file.features.map(({ properties }) => properties.id))
      const devices = new Set(
        file.features.flatMap(({ properties }) =>
          'devices' in properties ? (properties.devices ?? []).map(({ id }) => id) : [],
        ),
      )
      for (const event of scenario.events) {
        if ('at' in event) expect(points, scenario.id).toContain(event.at)
        if (event.kind === 'fault') expect(devices, scenario.id).toContain(event.device)
      }
    }
  })
})

/** Four weeks of a small network in which everything happens. */
function small(): Scenario {
  const topology = { wells: 60, seed: 4711 }
  const { file } = drawTopology(topology)
  const events = planEvents({ file, seed: 4711, days: 20, mix: 'events' })
  const [closedValve] = candidateSitesOf(file).loopValves
  return {
    id: 'small',
    topology,
    from: '2025-11-10T00:00:00+08:00',
    days: 20,
    seed: 4711,
    events,
    mismatch: { share: 0.2, ...(closedValve === undefined ? {} : { closedValve }) },
  }
}

describe('the detector on a small season that it has never seen', async () => {
  const outcome = judge('small', await play(small()))
  const figures = new Map(figuresOf([outcome]).map((figure) => [figure.id, figure]))
  const value = (id: string) => figures.get(id)?.value

  it('finds every cover within a second of a message that confirms it, and takes no vehicle for one', () => {
    expect(figures.get('cover-recall')?.basis).toMatch(/^(\d+) of \1$/)
    expect(outcome.events.filter(({ event }) => event.kind === 'cover').length).toBeGreaterThan(6)
    expect(value('cover-delay')).toBeLessThanOrEqual(1)
    expect(value('cover-false')).toBe(0)
  })

  it('finds every leak into a watched chamber within the hour', () => {
    expect(value('well-recall')).toBeGreaterThanOrEqual(0.95)
  })

  it('finds leaks from 5 t/h on within a day', () => {
    expect(value('leak-recall-all')).toBeGreaterThanOrEqual(0.95)
  })
})
