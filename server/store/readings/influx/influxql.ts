import { escape } from 'influx'
import { ASSET_ID_PATTERN, ID_PATTERN } from '#contract/identity.ts'
import { SIGNAL_PATTERN } from '#contract/telemetry.ts'
import { MEASUREMENTS } from '#contract/signals.ts'
import type { ReadingsQuery } from '../../../flows/ports.ts'

/** A field as the server lists it. */
export interface Field {
  readonly measurement: string
  readonly name: string
  readonly isBoolean: boolean
}

/** Undefined when an id or a signal is none: then nothing can have been stored under it. */
export function whereOf({ deviceId, assetId, signal, from, to }: ReadingsQuery): string | undefined {
  if (deviceId !== undefined && !ID_PATTERN.test(deviceId)) return undefined
  if (assetId !== undefined && !ASSET_ID_PATTERN.test(assetId)) return undefined
  if (signal !== undefined && !SIGNAL_PATTERN.test(signal)) return undefined
  return [
    ...(deviceId === undefined ? [] : [`"device_id" = ${escape.stringLit(deviceId)}`]),
    ...(assetId === undefined ? [] : [`"asset_id" = ${escape.stringLit(assetId)}`]),
    `time >= ${String(Math.floor(from))}ms`,
    `time <= ${String(Math.floor(to))}ms`,
  ].join(' AND ')
}

export function fieldKeys(): string {
  return `SHOW FIELD KEYS FROM ${MEASUREMENTS.map(name).join(', ')}`
}

export function counts(measurement: string, fields: readonly Field[], where: string): string {
  const columns = fields.map((field) => `COUNT(${name(field.name)}) AS ${name(field.name)}`).join(', ')
  return `SELECT ${columns} FROM ${name(measurement)} WHERE ${where} GROUP BY "device_id"`
}

export function raw(measurement: string, fields: readonly Field[], where: string, limit?: number): string {
  const columns = fields.map((field) => name(field.name)).join(', ')
  const most = limit === undefined ? '' : ` LIMIT ${String(Math.floor(limit))}`
  return `SELECT ${columns} FROM ${name(measurement)} WHERE ${where} GROUP BY "device_id"${most}`
}

/**
 * The extremes of each slot. TOP and BOTTOM keep the points' own instants under GROUP BY time; they
 * know no booleans, of which DISTINCT gives each slot's states at the slot's beginning.
 */
export function extremes(field: Field, where: string, slotMs: number): string[] {
  const column = name(field.name)
  const picks = field.isBoolean ? [`DISTINCT(${column})`] : [`BOTTOM(${column}, 1)`, `TOP(${column}, 1)`]
  const slot = `time(${String(Math.floor(slotMs))}ms)`
  return picks.map(
    (pick) =>
      `SELECT ${pick} AS ${column} FROM ${name(field.measurement)} WHERE ${where} GROUP BY ${slot}, "device_id"`,
  )
}

function name(identifier: string): string {
  return escape.quoted(identifier)
}
