import type { ReadingsStore } from '../../../flows/ports.ts'
import { validateReadings } from '../validate.ts'
import { influxClient } from './client.ts'
import { influxHistory } from './influx-history.ts'
import { sendToInflux1 } from './influx-1.ts'
import { sendToInflux2 } from './influx-2.ts'
import type { InfluxSettings } from './settings.ts'
import { writeApart } from './write-apart.ts'

/**
 * Readings in InfluxDB 1, 2 or 3. Retention and roll-ups are the server's own (retention policy or
 * bucket, continuous queries or tasks); `write` neither buffers nor retries.
 */
export function openInfluxStore(settings: InfluxSettings): ReadingsStore {
  const client = influxClient(settings)
  const send = settings.version === 1 ? sendToInflux1(client, settings) : sendToInflux2(settings)
  return {
    kind: `influxdb ${String(settings.version)}`,
    async write(readings) {
      const { good, rejected } = validateReadings(readings)
      return { rejected: [...rejected, ...(await writeApart(good, send))] }
    },
    query: influxHistory(client, settings.timeoutMs),
    close: () => Promise.resolve(),
  }
}
