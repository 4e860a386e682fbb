import type { ReadingsSettings } from '../../../server/store/readings/open-readings.ts'

export function embeddedSettings(dataDir: string): ReadingsSettings {
  return {
    dataDir,
    influxUrl: '',
    influxVersion: 1,
    influxDatabase: 'heat',
    influxOrg: '',
    influxBucket: '',
    influxToken: '',
    influxUsername: '',
    influxPassword: '',
    rawRetentionDays: 7,
    minuteRetentionDays: 90,
    hourRetentionDays: 1825,
  }
}
