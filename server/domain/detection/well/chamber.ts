import { DAY, HOUR, SECOND, type Instant } from '../../instant.ts'
import { signsOf, type ChamberReading } from './chamber-signs.ts'
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
import { createLadder, ladderDue, see, settleLadder, type LadderRule, type Raising } from '../ladder.ts'
import { emergency } from '../make-finding.ts'
import type { Site, When } from '../run.ts'

/** Air so moist speaks for steam beside another sign. */
const MOIST_PCT = 95

/** Takes in one sample of a well chamber (detection.md §2 “Chamber”); `values` are usable ones only. */
export function observeChamber(
  site: Site,
  values: Readonly<Record<string, number | boolean>>,
  when: When,
): void {
  const reading: ChamberReading = {
    temperature: numeric(values['chamber_c']),
    humidity: numeric(values['humidity_pct']),
    level: numeric(values['water_level_m']),
  }
  if (isDoubtful(site, reading, when.at)) return
  const signs = signsOf(site, reading)
  const suspect = signs.hot || signs.humid || signs.wet
  const moist = signs.humid || (reading.humidity ?? 0) >= MOIST_PCT
  const agree = Number(signs.hot || signs.steam) + Number(moist) + Number(signs.wet)
  const corroborated = agree >= 2 || signs.gushing
  const vent = signs.steam || signs.gushing
  const ladder = (site.device.chamber ??= createLadder(STEPS))
  const otherwise = suspect ? 'between' : 'ok'
  see(ladder, SUSPECT_HELD, suspect ? 'bad' : otherwise, when)
  see(ladder, SUSPECT, suspect && corroborated ? 'bad' : otherwise, when)
  see(ladder, VENT_HELD, vent ? 'bad' : otherwise, when)
  see(ladder, VENT, vent && corroborated ? 'bad' : otherwise, when)
  if (!suspect && reading.level !== undefined) see(ladder, EVENT, 'ok', when)
}

/**
 * A temperature that jumps on a channel which has jumped and come back within a day: without moist air or
 * water beside it, it waits for the next sample.
 */
function isDoubtful(site: Site, { humidity = 0, level = 0 }: ChamberReading, at: Instant): boolean {
  const series = site.device.series['chamber_c']
  if (series?.spikeFrom === undefined) return false
  const spiked = series.spikes.some((spike) => at - spike < DAY)
  return spiked && humidity < MOIST_PCT && level < site.run.context.settings.wellLevelM
}

/** Water reported by the device itself. */
export function observeWaterEvent(site: Site, when: When): void {
  see((site.device.chamber ??= createLadder(STEPS)), EVENT, 'bad', when)
}

export function settleChamber(site: Site, now: Instant): void {
  settleLadder(site, site.device.chamber, ruleOf, now)
}

export function chamberDue(site: Site, now: Instant): Instant | undefined {
  return ladderDue(site, site.device.chamber, ruleOf, now)
}

function numeric(value: number | boolean | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function ruleOf(site: Site): LadderRule {
  const settings = site.run.context.settings
  const hold = settings.chamberHoldS * SECOND
  return {
    holds: [hold, 0, hold, 0, 0],
    clearMs: settings.chamberClearHoldS * SECOND,
    raise: (step, at, eventAt) => raise(site, step, at, eventAt),
    cleared: (raised) => clearedChamber(site, raised),
  }
}

function raise(site: Site, step: number, at: Instant, eventAt: Instant): Raising {
  const { run, device } = site
  const { settings } = run.context
  const newest = Math.max(...(device.chamber?.steps.map((watch) => watch.badLast) ?? [at]))
  if (at - newest > settings.lateEventH * HOUR) return 'too_late'
  const vent = step === VENT || step === VENT_HELD
  return emergency(site, {
    id: `well:${device.id}:${eventAt}`,
    family: 'well',
    ticketKind: 'well_vent',
    at,
    eventAt,
    weight: step === EVENT ? settings.weightCover : vent ? settings.weightVent : settings.weightSuspect,
    grounds: chamberGrounds(site, step, at, eventAt),
  })
}
