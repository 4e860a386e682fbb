import { DAY, SECOND, type Instant } from '../../instant.ts'
import type { Values } from '../../telemetry/values.ts'
import type { Site } from '../core/context.ts'
import { emergency } from '../core/make-finding.ts'
import { settingsOf } from '../core/settings.ts'
import { observeStep, stepsOf } from './severity-steps.ts'
import { CHAMBER_SETTINGS, MOIST_PCT, signsOf, type ChamberReading } from './chamber-signs.ts'
import {
  chamberGrounds,
  clearedChamber,
  EVENT,
  STEPS,
  SUSPECT,
  SUSPECT_HELD,
  VENT,
  VENT_HELD,
} from './chamber-words.ts'
import type { DeviceRule } from './rule.ts'

/** Steam, water or heat in a well chamber: a leak in the well. */
export const chamber: DeviceRule = {
  name: 'chamber',
  at: ['well', 'valve'],
  settings: CHAMBER_SETTINGS,
  steps: STEPS,
  frozen: ['chamber_c', 'humidity_pct', 'water_level_m'],
  observe(site, values, when) {
    if ((values['chamber_c'] ?? values['humidity_pct'] ?? values['water_level_m']) === undefined) return
    const reading = readingOf(values)
    if (site.asset.kind !== 'well' || isDoubtful(site, reading, when.at)) return
    const signs = signsOf(site, reading)
    const suspect = signs.hot || signs.humid || signs.wet
    const moist = signs.humid || (reading.humidity ?? 0) >= MOIST_PCT
    const agree = Number(signs.hot || signs.steam) + Number(moist) + Number(signs.wet)
    const corroborated = agree >= 2 || signs.gushing
    const vent = signs.steam || signs.gushing
    const { steps } = stepsOf(site, chamber)
    const otherwise = suspect ? 'between' : 'ok'
    observeStep(steps, SUSPECT_HELD, suspect ? 'bad' : otherwise, when)
    observeStep(steps, SUSPECT, suspect && corroborated ? 'bad' : otherwise, when)
    observeStep(steps, VENT_HELD, vent ? 'bad' : otherwise, when)
    observeStep(steps, VENT, vent && corroborated ? 'bad' : otherwise, when)
    if (!suspect && reading.level !== undefined) observeStep(steps, EVENT, 'ok', when)
  },
  observeEvent(site, event, when) {
    if (event === 'water') observeStep(stepsOf(site, chamber).steps, EVENT, 'bad', when)
  },
  decide(site) {
    const settings = settingsOf(site, CHAMBER_SETTINGS)
    const hold = settings.chamberHoldS * SECOND
    return { holds: [hold, 0, hold, 0, 0], clearMs: settings.chamberClearHoldS * SECOND }
  },
  describe(site, reached) {
    const { settings } = site.run.context
    const vent = reached.step === VENT || reached.step === VENT_HELD
    return emergency(site, {
      id: `well:${site.device.id}:${reached.eventAt}`,
      family: 'well',
      ticketKind: 'well_vent',
      at: reached.at,
      eventAt: reached.eventAt,
      weight:
        reached.step === EVENT ? settings.weightCover : vent ? settings.weightVent : settings.weightSuspect,
      grounds: chamberGrounds(site, reached),
    })
  },
  describeCleared: clearedChamber,
}

function readingOf(values: Values): ChamberReading {
  return {
    temperature: numeric(values['chamber_c']),
    humidity: numeric(values['humidity_pct']),
    level: numeric(values['water_level_m']),
  }
}

function numeric(value: number | boolean | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/**
 * A temperature that jumps on a channel which has jumped and come back within a day: without moist air or
 * water beside it, it waits for the next sample.
 */
function isDoubtful(site: Site, { humidity = 0, level = 0 }: ChamberReading, at: Instant): boolean {
  const series = site.device.series['chamber_c']
  if (series?.spikeFrom === undefined) return false
  const spiked = series.spikes.some((spike) => at - spike < DAY)
  return spiked && humidity < MOIST_PCT && level < settingsOf(site, CHAMBER_SETTINGS).wellLevelM
}
