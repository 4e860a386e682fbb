import { HttpError, InfluxDB, Point } from '@influxdata/influxdb-client'
import type { StoredReading } from '../../../flows/ports.ts'
import { BatchRefused, refusalOf, unreachable, within } from './refusal.ts'
import type { InfluxSettings } from './settings.ts'
import type { Send } from './write-apart.ts'

const GZIP_FROM_BYTES = 4096

/**
 * Writes to InfluxDB 2 or 3, one request a batch through the client's transport: its write buffer
 * gives up after five tries and drops what does not fit into memory.
 */
export function sendToInflux2(settings: InfluxSettings): Send {
  const { url, token, org, bucket, timeoutMs } = settings
  const { transport } = new InfluxDB({ url, timeout: timeoutMs, ...(token === '' ? {} : { token }) })
  const query = new URLSearchParams({ ...(org === '' ? {} : { org }), bucket, precision: 'ms' })
  const path = `/api/v2/write?${query.toString()}`
  const options = {
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    gzipThreshold: GZIP_FROM_BYTES,
  }
  return async (readings) => {
    let answer: unknown
    try {
      answer = await within(timeoutMs, transport.request(path, readings.map(lineOf).join('\n'), options))
    } catch (error) {
      if (!(error instanceof HttpError)) throw unreachable(error)
      throw refusalOf(error.statusCode, error.body ?? error.message, retryAfterOf(error))
    }
    // 201 with a message: some lines were left out.
    const text = typeof answer === 'object' && answer !== null ? JSON.stringify(answer) : ''
    if (/partial write|error/i.test(text)) throw new BatchRefused(text)
  }
}

function lineOf(reading: StoredReading): string {
  const point = new Point(reading.measurement).tag('device_id', reading.deviceId).timestamp(reading.at)
  if (reading.assetId !== '') point.tag('asset_id', reading.assetId)
  if (reading.network !== '') point.tag('network', reading.network)
  if (reading.zone !== '') point.tag('zone', reading.zone)
  for (const [name, value] of Object.entries(reading.fields)) {
    if (typeof value === 'boolean') point.booleanField(name, value)
    else point.floatField(name, value)
  }
  const line = point.toLineProtocol()
  if (line === undefined) throw new Error(`no line for ${JSON.stringify(reading)}`)
  return line
}

/** Seconds or a date (RFC 9110 §10.2.3); the client itself takes seconds for milliseconds. */
function retryAfterOf({ headers }: HttpError): number | undefined {
  const text = String(headers?.['retry-after'] ?? '')
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return ms > 0 ? ms : undefined
}
