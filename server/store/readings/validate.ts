import { ASSET_ID_PATTERN, ID_PATTERN } from '#contract/identity.ts'
import { SIGNAL_PATTERN } from '#contract/telemetry.ts'
import { MEASUREMENTS } from '#contract/signals.ts'
import { NETWORK_LEVELS } from '#contract/vocabulary.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Rows, Shape } from '../../domain/telemetry/rows.ts'
import type { ReadingTags, StoredReading, WriteOutcome } from '../../flows/ports.ts'

/** Names of tags and of time: as a field they would hide them. */
const RESERVED = new Set(['time', 'device_id', 'asset_id', 'network', 'zone'])

/** Characters that break a line of line protocol, in the tag or behind it. */
const BREAKERS: readonly (readonly [string, string])[] = [
  ['\\', 'a backslash'],
  ['\n', 'a line feed'],
  ['\r', 'a carriage return'],
  ['\t', 'a tab'],
]

/**
 * What may go to a store, and what not with its reason. The client libraries escape neither line
 * breaks nor a trailing backslash, and send NaN: nothing of that leaves this function. A bad value
 * takes only its own field along.
 */
export function validateReadings(readings: readonly StoredReading[]): {
  readonly good: readonly StoredReading[]
  readonly rejected: WriteOutcome['rejected']
} {
  const good: StoredReading[] = []
  const rejected: { reading: StoredReading; reason: string }[] = []
  for (const reading of readings) {
    const wrong = wrongPlace(reading)
    if (wrong !== undefined) {
      rejected.push({ reading, reason: wrong })
      continue
    }
    if (isAllGood(reading.fields)) {
      good.push(reading)
      continue
    }
    const bad = Object.entries(reading.fields).flatMap(([name, value]) => {
      const reason = wrongField(name, value)
      return reason === undefined ? [] : [{ name, value, reason }]
    })
    for (const { name, value, reason } of bad) {
      rejected.push({ reading: { ...reading, fields: { [name]: value } }, reason })
    }
    const left = without(reading, new Set(bad.map(({ name }) => name)))
    if (Object.keys(left.fields).length > 0) good.push(left)
  }
  return { good, rejected }
}

function wrongPlace(reading: StoredReading): string | undefined {
  return isGoodTime(reading.at) ? wrongTags(reading) : 'time is not a whole number of milliseconds'
}

function isGoodTime(at: Instant): boolean {
  return Number.isSafeInteger(at) && at > 0
}

function wrongTags({ measurement, deviceId, assetId, network, zone }: ReadingTags): string | undefined {
  if (!MEASUREMENTS.some((known) => known === measurement)) return `${quoted(measurement)} is no measurement`
  if (network !== '' && !NETWORK_LEVELS.some((known) => known === network)) {
    return breaker('network', network) ?? `${quoted(network)} is no network`
  }
  return (
    wrongId('device_id', deviceId, ID_PATTERN) ??
    (assetId === '' ? undefined : wrongId('asset_id', assetId, ASSET_ID_PATTERN)) ??
    (zone === '' ? undefined : wrongId('zone', zone, ASSET_ID_PATTERN))
  )
}

/** The same for rows: which of them nothing is wrong with. Looks at tags and shapes once. */
export function rowValidator(): (rows: Rows, row: number, owners: readonly ReadingTags[]) => boolean {
  let known: readonly ReadingTags[] = []
  let good: boolean[] = []
  const goodShapes = new WeakMap<Shape, boolean>()
  let lastGood: Shape | undefined
  return (rows, row, owners) => {
    if (owners !== known) [known, good] = [owners, []]
    const owner = rows.owner[row] ?? 0
    const tags = owners[owner]
    const isGood = (good[owner] ??= tags !== undefined && wrongTags(tags) === undefined)
    if (!isGood || !isGoodTime(rows.at[row] ?? 0)) return false
    const shape = rows.shapeOf(row)
    if (shape === lastGood) return true
    const shapeIsGood = goodShapes.get(shape) ?? isGoodShape(shape)
    goodShapes.set(shape, shapeIsGood)
    if (shapeIsGood) lastGood = shape
    return shapeIsGood
  }
}

function isGoodShape({ names }: Shape): boolean {
  return names.length > 0 && names.every((name) => wrongField(name, true) === undefined)
}

function wrongId(name: string, id: string, pattern: RegExp): string | undefined {
  return pattern.test(id) ? undefined : (breaker(name, id) ?? `${name} ${quoted(id)} is not an id`)
}

/** Names that have passed; devices say the same ones over and over. */
const passed = new Set<string>()
const MAX_PASSED = 10_000

function isAllGood(fields: StoredReading['fields']): boolean {
  let count = 0
  for (const name in fields) {
    const value = fields[name]
    if (typeof value !== 'boolean' && !Number.isFinite(value)) return false
    if (!passed.has(name)) {
      if (wrongField(name, true) !== undefined) return false
      if (passed.size < MAX_PASSED) passed.add(name)
    }
    count += 1
  }
  return count > 0
}

function wrongField(name: string, value: number | boolean): string | undefined {
  if (!SIGNAL_PATTERN.test(name)) return breaker('field name', name) ?? `${quoted(name)} is no field name`
  if (RESERVED.has(name)) return `${name} is the name of a tag`
  if (typeof value === 'boolean' || Number.isFinite(value)) return undefined
  return `${name} is ${String(value)}, not a finite number`
}

function breaker(name: string, text: string): string | undefined {
  const found = BREAKERS.find(([character]) => text.includes(character))
  return found === undefined ? undefined : `${name} contains ${found[1]}: ${quoted(text)}`
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80))
}

function without(reading: StoredReading, names: ReadonlySet<string>): StoredReading {
  const fields = Object.entries(reading.fields).filter(([name]) => !names.has(name))
  return { ...reading, fields: Object.fromEntries(fields) }
}
