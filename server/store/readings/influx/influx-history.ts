import type { InfluxDB } from 'influx'
import { StoreUnavailable, type ReadingsQuery, type ReadingsSeries } from '../../../flows/ports.ts'
import { slotMs, type Point } from '../downsample.ts'
import { answerOf } from './client.ts'
import { counts, extremes, fieldKeys, raw, whereOf, type Field } from './influxql.ts'
import { refusalOf, unreachable, within } from './refusal.ts'

interface Row {
  readonly name: string
  readonly tags?: Readonly<Record<string, string>>
  readonly columns: readonly string[]
  readonly values: readonly (readonly (number | string | boolean | null)[])[]
}
interface Answer {
  readonly results: readonly { readonly series?: readonly Row[]; readonly error?: string }[]
}

/** History by InfluxQL over `/query`, which 1.x has and 2 and 3 keep for compatibility. */
export function influxHistory(client: InfluxDB, timeoutMs: number) {
  return async (query: ReadingsQuery): Promise<readonly ReadingsSeries[]> => {
    const where = whereOf(query)
    if (where === undefined) return []
    const fields = fieldsOf(await ask([fieldKeys()]), query.signal)
    if (fields.length === 0) return []
    const rows = await ask(
      query.points === undefined
        ? byMeasurement(fields).map(([measurement, some]) => raw(measurement, some, where, query.limit))
        : await thinning({ ...query, points: query.points }, fields, where),
    )
    return seriesOf(rows, query)
  }

  /** What fits is read raw; of the rest the extremes of each slot. */
  async function thinning(
    query: ReadingsQuery & { readonly points: number },
    fields: readonly Field[],
    where: string,
  ): Promise<string[]> {
    const counted = await ask(
      byMeasurement(fields).map(([measurement, some]) => counts(measurement, some, where)),
    )
    const most = mostOf(counted)
    const present = fields.filter((field) => most(field) > 0)
    const small = present.filter((field) => most(field) <= query.points)
    const large = present.filter((field) => most(field) > query.points)
    return [
      ...byMeasurement(small).map(([measurement, some]) => raw(measurement, some, where)),
      ...large.flatMap((field) => extremes(field, where, slotMs(query))),
    ]
  }

  async function ask(statements: readonly string[]): Promise<Row[]> {
    if (statements.length === 0) return []
    let answer: Answer
    try {
      const asked = client.queryRaw([...statements], { precision: 'ms', method: 'POST' })
      answer = (await within(timeoutMs, asked)) as Answer
    } catch (error) {
      const refused = answerOf(error)
      if (refused === undefined) throw unreachable(error)
      const { status, body } = refused
      // A server that nothing was ever written to has no database yet.
      if (status === 404 && /database not found/.test(body)) return []
      throw refusalOf(status, body)
    }
    for (const { error } of answer.results) {
      if (error === undefined) continue
      if (/database not found/.test(error)) return []
      throw new StoreUnavailable(`InfluxDB cannot answer: ${error}`, { misconfigured: true })
    }
    return answer.results.flatMap(({ series }) => series ?? [])
  }
}

function fieldsOf(rows: readonly Row[], signal: string | undefined): Field[] {
  return rows.flatMap(({ name: measurement, values }) =>
    values
      .map(([name, type]) => ({ measurement, name: String(name), isBoolean: type === 'boolean' }))
      .filter(({ name }) => signal === undefined || name === signal),
  )
}

function byMeasurement(fields: readonly Field[]): [string, Field[]][] {
  return [...Map.groupBy(fields, (field) => field.measurement)]
}

/** The greatest count that any device has of a field. */
function mostOf(rows: readonly Row[]): (field: Field) => number {
  return ({ measurement, name }) => {
    const found = rows
      .filter((row) => row.name === measurement)
      .map((row) => Number(row.values[0]?.[row.columns.indexOf(name)] ?? 0))
    return Math.max(0, ...found)
  }
}

function seriesOf(rows: readonly Row[], query: ReadingsQuery): ReadingsSeries[] {
  const series = new Map<string, { deviceId: string; signal: string; points: Point[] }>()
  for (const row of rows) {
    const deviceId = row.tags?.['device_id'] ?? ''
    for (const [column, signal] of row.columns.entries()) {
      if (column === 0) continue
      const points = row.values.flatMap((values) => pointOf(values[0], values[column], query) ?? [])
      if (points.length === 0) continue
      const key = `${deviceId} ${signal}`
      const found = series.get(key)
      if (found === undefined) series.set(key, { deviceId, signal, points })
      else found.points.push(...points)
    }
  }
  return [...series]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => ({ ...one, points: distinct(one.points) }))
}

function pointOf(time: unknown, value: unknown, query: ReadingsQuery): [Point] | undefined {
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined
  // The first slot begins before the stretch.
  return [[Math.max(Number(time), query.from), value]]
}

/** In order of time; a slot of equal values has one point that is least and greatest. */
function distinct(points: readonly Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0])
  return sorted.filter(([at, value], i) => sorted[i - 1]?.[0] !== at || sorted[i - 1]?.[1] !== value)
}
