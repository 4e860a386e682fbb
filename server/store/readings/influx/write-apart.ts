import type { StoredReading, WriteOutcome } from '../../../flows/ports.ts'
import { BatchRefused, reasonIn } from './refusal.ts'

type Rejected = WriteOutcome['rejected'][number]
export type Send = (readings: readonly StoredReading[]) => Promise<void>

/** InfluxDB 1.x refuses bodies over 25 MB; batches are counted in samples and bytes, never in messages. */
const MAX_BATCH_SAMPLES = 5000
const MAX_BYTES = 4 * 1024 * 1024

/**
 * Writes in batches. Where the server refuses one, it is taken apart until the bad readings stand
 * alone: the good ones are stored, the bad ones come back with the server's reason. Writing the good
 * ones several times on the way changes nothing.
 */
export async function writeApart(readings: readonly StoredReading[], send: Send): Promise<Rejected[]> {
  const rejected: Rejected[] = []
  for (const batch of batchesOf(readings)) rejected.push(...(await writeBatch(batch, send)))
  return rejected
}

async function writeBatch(batch: readonly StoredReading[], send: Send): Promise<Rejected[]> {
  try {
    await send(batch)
    return []
  } catch (error) {
    if (!(error instanceof BatchRefused)) throw error
    return takeApart(batch, error, send)
  }
}

async function takeApart(
  batch: readonly StoredReading[],
  refused: BatchRefused,
  send: Send,
): Promise<Rejected[]> {
  const reason = reasonIn(refused.message)
  const named = namedLines(refused.message)
  if (named !== undefined) {
    return batch.flatMap((reading, i) => {
      const why = named.get(i + 1)
      return why === undefined ? [] : [{ reading, reason: why }]
    })
  }
  const parts = refused.tooLarge ? halves(batch) : (conflicting(batch, reason) ?? halves(batch))
  if (parts === undefined || allDropped(batch, reason)) return batch.map((reading) => ({ reading, reason }))
  const rejected: Rejected[] = []
  for (const part of parts) if (part.length > 0) rejected.push(...(await writeBatch(part, send)))
  return rejected
}

/**
 * "partial write: … dropped=N" says how many of the batch were lost: all of them. A conflict of types
 * drops a whole sample for one field, whose other fields must be tried alone.
 */
function allDropped(batch: readonly StoredReading[], reason: string): boolean {
  const dropped = Number(/partial write: .*dropped=(\d+)/s.exec(reason)?.[1])
  return dropped === batch.length && (!CONFLICT.test(unquoted(reason)) || batch.every(hasOneField))
}

/** InfluxDB 3 names the lines that it left out: line number → reason. */
function namedLines(body: string): ReadonlyMap<number, string> | undefined {
  if (!body.startsWith('{')) return undefined
  try {
    const { data } = JSON.parse(body) as { data?: unknown }
    if (!Array.isArray(data) || data.length === 0) return undefined
    const lines = data as { line_number?: unknown; error_message?: unknown }[]
    if (!lines.every((line) => typeof line.line_number === 'number')) return undefined
    return new Map(lines.map((line) => [line.line_number as number, String(line.error_message)]))
  } catch {
    return undefined
  }
}

const CONFLICT = /input field "([^"]+)" on measurement "([^"]+)" is type (\w+), already exists as type \w+/

function unquoted(reason: string): string {
  return reason.replaceAll('\\"', '"')
}

/**
 * A conflict of types names the field: what has that field and type goes apart from the rest, so that
 * the sample's other fields are stored and one odd device does not cost a search through every batch.
 */
function conflicting(batch: readonly StoredReading[], reason: string): StoredReading[][] | undefined {
  const [, field = '', measurement, type] = CONFLICT.exec(unquoted(reason)) ?? []
  const isBoolean = type === 'boolean'
  const suspect = (reading: StoredReading) =>
    reading.measurement === measurement &&
    Object.hasOwn(reading.fields, field) &&
    (typeof reading.fields[field] === 'boolean') === isBoolean
  const suspects = batch.filter(suspect)
  if (suspects.length === 0 || (suspects.length === batch.length && suspects.every(hasOneField))) {
    return undefined
  }
  const rest = batch.map((reading) => (suspect(reading) ? withoutField(reading, field) : reading))
  return [
    rest.filter((reading) => Object.keys(reading.fields).length > 0),
    suspects.map((reading) => ({ ...reading, fields: { [field]: reading.fields[field] ?? 0 } })),
  ]
}

/** In order of time, since what lies beyond the retention stands together; one reading by its fields. */
function halves(batch: readonly StoredReading[]): StoredReading[][] | undefined {
  const [only] = batch
  if (only === undefined) return undefined
  if (batch.length === 1) {
    if (hasOneField(only)) return undefined
    return Object.entries(only.fields).map(([name, value]) => [{ ...only, fields: { [name]: value } }])
  }
  const sorted = batch.toSorted((a, b) => a.at - b.at)
  const middle = sorted.length >> 1
  return [sorted.slice(0, middle), sorted.slice(middle)]
}

function hasOneField(reading: StoredReading): boolean {
  return Object.keys(reading.fields).length === 1
}

function withoutField(reading: StoredReading, name: string): StoredReading {
  return {
    ...reading,
    fields: Object.fromEntries(Object.entries(reading.fields).filter(([key]) => key !== name)),
  }
}

function* batchesOf(readings: readonly StoredReading[]): Generator<readonly StoredReading[]> {
  let from = 0
  let bytes = 0
  for (const [i, reading] of readings.entries()) {
    const more = bytesOf(reading)
    if (i > from && (i - from >= MAX_BATCH_SAMPLES || bytes + more > MAX_BYTES)) {
      yield readings.slice(from, i)
      from = i
      bytes = 0
    }
    bytes += more
  }
  if (from < readings.length) yield readings.slice(from)
}

/** Length of the line, rather too much than too little: ids may be of three bytes a letter. */
function bytesOf(reading: StoredReading): number {
  let bytes = 100 + 3 * (reading.deviceId.length + reading.assetId.length + reading.zone.length)
  for (const name of Object.keys(reading.fields)) bytes += name.length + 26
  return bytes
}
