import type { InfluxDB, IPoint } from 'influx'
import type { StoredReading } from '../../../flows/ports.ts'
import { answerOf } from './client.ts'
import { refusalOf, unreachable, within } from './refusal.ts'
import type { InfluxSettings } from './settings.ts'
import type { Send } from './write-apart.ts'

/** Writes to InfluxDB 1.x; the database is made when it is missing. */
export function sendToInflux1(client: InfluxDB, settings: InfluxSettings): Send {
  let databaseMade = false
  return async (readings) => {
    try {
      // A user without the right to create databases may still write to one that is there.
      if (!databaseMade) await within(settings.timeoutMs, createDatabase(client, settings.database))
      databaseMade = true
      await within(settings.timeoutMs, client.writePoints(readings.map(pointOf), { precision: 'ms' }))
    } catch (error) {
      const answer = answerOf(error)
      if (answer === undefined) throw unreachable(error)
      if (answer.status === 404) databaseMade = false
      throw refusalOf(answer.status, answer.body)
    }
  }
}

async function createDatabase(client: InfluxDB, name: string): Promise<void> {
  try {
    await client.createDatabase(name)
  } catch (error) {
    const status = answerOf(error)?.status
    const forbidden = status === 403 || (error instanceof Error && /not authorized/.test(error.message))
    if (!forbidden) throw error
  }
}

function pointOf(reading: StoredReading): IPoint {
  const { deviceId, assetId, network, zone } = reading
  const tags: Record<string, string> = { device_id: deviceId }
  if (assetId !== '') tags['asset_id'] = assetId
  if (network !== '') tags['network'] = network
  if (zone !== '') tags['zone'] = zone
  return { measurement: reading.measurement, tags, fields: reading.fields, timestamp: reading.at }
}
